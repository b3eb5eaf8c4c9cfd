#include "kernels/cpu/make_kernel_set.hpp"
#include "kernels/cpu/vector_avx512.hpp"

namespace sketchscope::kernels::cpu {

const KernelSet& avx512vnni_kernels() {
  return kKernelSet<Avx512Vnni>;
}

}  // namespace sketchscope::kernels::cpu
