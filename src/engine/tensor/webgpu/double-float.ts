/**
 * Numbers of 48 bits as the unrounded sum of two float32, `vec2<f32>(high, low)` (Dekker, Numer. Math. 18, 1971), since WebGPU has
 * no float64. WGSL lets compilers reorder and fuse what is exact only as it is written; so each rounded result that a
 * later one is measured by goes through `opaque`, an exclusive or with a zero that is known at run time alone. Products are
 * taken apart into halves of twelve bits, whose own products are exact whether `fma` is fused or not.
 */
export const DOUBLE_FLOAT = `
  fn opaque(x : f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) ^ uniforms.zero); }

  // a + b, and what rounding took from it.
  fn twoSum(a : f32, b : f32) -> vec2<f32> {
    let isSwapped = abs(b) > abs(a);
    let large = select(a, b, isSwapped);
    let small = select(b, a, isSwapped);
    let total = opaque(large + small);
    return vec2<f32>(total, small - opaque(total - large));
  }

  // The upper half of a number's bits; the rest of it is the lower half, exactly.
  fn upper(x : f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) & 0xfffff000u); }

  // The error of product = a b, both parted into halves.
  fn productError(product : f32, a : vec2<f32>, b : vec2<f32>) -> f32 {
    return fma(a.y, b.y, fma(a.y, b.x, fma(a.x, b.y, fma(a.x, b.x, -product))));
  }

  fn halves(x : f32) -> vec2<f32> { let top = upper(x); return vec2<f32>(top, x - top); }

  // a b, and what rounding took from it.
  fn twoProduct(a : f32, b : f32) -> vec2<f32> {
    let product = opaque(a * b);
    return vec2<f32>(product, productError(product, halves(a), halves(b)));
  }

  fn sumOf(a : vec2<f32>, b : vec2<f32>) -> vec2<f32> {
    let high = twoSum(a.x, b.x);
    let low = twoSum(a.y, b.y);
    let middle = twoSum(high.x, high.y + low.x);
    return twoSum(middle.x, middle.y + low.y);
  }

  fn productOf(a : vec2<f32>, b : vec2<f32>) -> vec2<f32> {
    let high = twoProduct(a.x, b.x);
    return twoSum(high.x, fma(a.x, b.y, fma(a.y, b.x, high.y)));
  }

  // total + a b, to be put in order by twoSum after a few dozen of them.
  fn addProduct(total : vec2<f32>, a : vec2<f32>, b : vec2<f32>) -> vec2<f32> {
    let high = twoProduct(a.x, b.x);
    let next = twoSum(total.x, high.x);
    return vec2<f32>(next.x, total.y + (next.y + fma(a.x, b.y, fma(a.y, b.x, high.y))));
  }

  // a^-1/2 by Newton's method, for 2^-20 < a < 2^20.
  fn inverseRoot(a : vec2<f32>) -> vec2<f32> {
    var root = vec2<f32>(inverseSqrt(a.x), 0.0);
    for (var i = 0; i < 3; i++) {
      let rest = sumOf(vec2<f32>(1.0, 0.0), -productOf(a, productOf(root, root)));
      root = sumOf(root, productOf(root, 0.5 * rest));
    }
    return root;
  }
`;
