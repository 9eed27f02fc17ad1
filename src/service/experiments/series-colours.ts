/** Told apart by people who see colours otherwise, too (Okabe and Ito), dark enough for thin lines on white. */
const COLOURS = ['#1d5fa8', '#b04a00', '#5b3fa0', '#00795a', '#a8326e', '#6b5b00', '#444444'] as const;

export const seriesColour = (index: number): string => COLOURS[index % COLOURS.length] ?? '#444444';
