/** Room below a plot for ticks, their numbers and the axis’s title; with less of it the numbers are left out. */
export const TITLED_AXIS_HEIGHT = 54;
