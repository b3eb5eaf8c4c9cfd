#include "engine/model/torch/services.hpp"

#include <memory>

#include "engine/model/torch/torch_gemm.hpp"

namespace sketchscope::model {

ModelServices torch_services() {
  return {.gemm = std::make_shared<const TorchGemm>()};
}

}  // namespace sketchscope::model
