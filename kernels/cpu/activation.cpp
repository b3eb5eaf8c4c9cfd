#include "kernels/activation.hpp"

namespace sketchscope {

void activate(Activation function, std::span<float> values) {
  reference::activate(function, values);
}

}  // namespace sketchscope
