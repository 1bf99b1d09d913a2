/** Which of the colours is a person's, on their tile and over the desk. */
export const hueOf = (person) => Math.abs(Number(person)) % HUES;

/** As tiles.css has them. */
const HUES = 6;
