#include "engine/model/torch/services.hpp"

namespace sketchscope::model {

ModelServices torch_services() {
  return {};
}

std::string torch_text() {
  return "libtorch: not built";
}

}  // namespace sketchscope::model
