export { elementwise } from './elementwise';
export { bytesOfLinearPass, linearPass } from './linear-pass';
export { bytesOfPanels } from './panels';
export { products } from './product';
export { means, sums } from './sums';
export { adam, sgd } from './updates';
