#include "kernels/cpu/make_kernel_set.hpp"
#include "kernels/cpu/vector_avx2.hpp"

namespace sketchscope::kernels::cpu {

const KernelSet& avx2_kernels() {
  return kKernelSet<Avx2>;
}

}  // namespace sketchscope::kernels::cpu
