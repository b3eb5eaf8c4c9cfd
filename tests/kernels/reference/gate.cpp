#include "tests/kernels/reference/reference.hpp"

#include <algorithm>
#include <functional>
#include <vector>

namespace sketchscope::kernels::reference {

void gate(Activation function, int width, std::span<const float> input, std::span<float> output) {
  const auto half = static_cast<std::size_t>(width);
  for (std::size_t row = 0; row * half < output.size(); ++row) {
    const auto gates = input.subspan(2 * row * half, half);
    const auto values = input.subspan((2 * row + 1) * half, half);
    std::vector<float> activated(gates.begin(), gates.end());
    reference::activate(function, activated);
    std::ranges::transform(activated, values, output.subspan(row * half, half).begin(),
                           std::multiplies<>{});
  }
}

}  // namespace sketchscope::kernels::reference
