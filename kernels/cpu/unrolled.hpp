#pragma once

namespace sketchscope::kernels::cpu {

/// Calls body<0>() … body<kCount − 1>(). Arrays indexed by the argument stay in registers, which a
/// loop that the compiler unrolls late does not ensure.
template <int kCount, class Body>
[[gnu::always_inline]] inline void unrolled(const Body& body) {
  if constexpr (kCount > 0) {
    unrolled<kCount - 1>(body);
    body.template operator()<kCount - 1>();
  }
}

}  // namespace sketchscope::kernels::cpu
