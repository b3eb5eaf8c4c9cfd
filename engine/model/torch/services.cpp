#include "engine/model/torch/services.hpp"

#include <torch/version.h>

#include <memory>

#include "engine/model/torch/torch_gemm.hpp"

namespace sketchscope::model {

ModelServices torch_services() {
  return {.gemm = std::make_shared<const TorchGemm>()};
}

std::string torch_text() {
  return std::string("libtorch: ") + TORCH_VERSION;
}

}  // namespace sketchscope::model
