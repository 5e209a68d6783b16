/** What is used of WebAssembly; its types come with those of browsers only. */
interface WebAssemblyApi {
  Module: new (code: Uint8Array) => object;
  Instance: new (module: object, imports: object) => {exports: object};
}

/** What a library that Emscripten compiled is made with. */
export interface EmscriptenOptions {
  instantiateWasm(imports: object, use: (instance: object) => void): object;
  print(): void;
  printErr(): void;
}

const {WebAssembly} = globalThis as unknown as {WebAssembly: WebAssemblyApi};

/** Compiles a library once: made with these options, each has a memory of its own, and prints nothing. */
export function compile(code: Uint8Array): EmscriptenOptions {
  const module = new WebAssembly.Module(code);
  return {
    instantiateWasm(imports, use) {
      const instance = new WebAssembly.Instance(module, imports);
      use(instance);
      return instance.exports;
    },
    print() {},
    printErr() {},
  };
}
