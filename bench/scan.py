"""The Python side of bench/scan.ts.

`scan.py measure COMMAND...` runs a command and prints its wall time, its processor time and its peak memory as JSON.
`scan.py watershed FILE` is the reference for `rice scan`: scikit-image's threshold, distance transform and watershed on a
picture, as its documentation shows it, and the table of regions. Needs scikit-image and Pillow."""
import json
import resource
import subprocess
import sys
import time


def measure(command: list[str]) -> None:
    started = time.perf_counter()
    run = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    wall = time.perf_counter() - started
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Kilobytes on Linux, bytes on macOS.
    peak = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    print(
        json.dumps(
            {
                "code": run.returncode,
                "wall": wall,
                "cpu": usage.ru_utime + usage.ru_stime,
                "peak": peak,
                "output": run.stdout.decode(errors="replace"),
            }
        )
    )


def watershed(path: str) -> None:
    import numpy as np
    from PIL import Image
    from scipy import ndimage
    from skimage.color import rgb2gray
    from skimage.feature import peak_local_max
    from skimage.filters import threshold_otsu
    from skimage.measure import regionprops_table
    from skimage.segmentation import watershed as flood

    imported = time.perf_counter()
    picture = np.asarray(Image.open(path).convert("RGB"))
    gray = rgb2gray(picture)
    mask = gray > threshold_otsu(gray)
    labeled, _ = ndimage.label(mask)
    small = np.bincount(labeled.ravel()) < 100
    mask[small[labeled]] = False
    distance = ndimage.distance_transform_edt(mask)
    peaks = peak_local_max(distance, min_distance=10, labels=mask.astype(int))
    markers = np.zeros(distance.shape, dtype=int)
    markers[tuple(peaks.T)] = np.arange(1, len(peaks) + 1)
    labels = flood(-distance, markers, mask=mask)
    names = ("label", "centroid", "area", "major_axis_length", "minor_axis_length", "perimeter", "orientation")
    table = regionprops_table(labels, properties=names)
    print(json.dumps({"count": len(table["label"]), "seconds": time.perf_counter() - imported}))


if __name__ == "__main__":
    {"measure": lambda: measure(sys.argv[2:]), "watershed": lambda: watershed(sys.argv[2])}[sys.argv[1]]()
