/** Diameters of coins in mm, by the name that people give with `--reference coin:NAME`, as those who mint them publish. */
export const COINS: Readonly<Record<string, number>> = {
  '1cent-euro': 16.25,
  '2cent-euro': 18.75,
  '5cent-euro': 21.25,
  '10cent-euro': 19.75,
  '20cent-euro': 22.25,
  '50cent-euro': 24.25,
  '1euro': 23.25,
  '2euro': 25.75,
  penny: 19.05,
  nickel: 21.21,
  dime: 17.91,
  quarter: 24.26,
};
