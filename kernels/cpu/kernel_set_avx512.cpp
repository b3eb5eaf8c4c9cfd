#include "kernels/cpu/make_kernel_set.hpp"
#include "kernels/cpu/vector_avx512.hpp"

namespace sketchscope::kernels::cpu {

const KernelSet& avx512_kernels() {
  return kKernelSet<Avx512>;
}

}  // namespace sketchscope::kernels::cpu
