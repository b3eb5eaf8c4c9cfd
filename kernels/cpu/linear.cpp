#include "kernels/linear.hpp"

namespace sketchscope {

void linear(ThreadPool& pool, const Linear& layer, std::span<const float> input, int rows,
            std::span<float> output) {
  pool.run(rows, [&](int row) {
    const auto inputs = static_cast<std::size_t>(layer.inputs);
    const auto outputs = static_cast<std::size_t>(layer.outputs);
    const auto index = static_cast<std::size_t>(row);
    reference::linear(layer, input.subspan(index * inputs, inputs), 1,
                      output.subspan(index * outputs, outputs));
  });
}

}  // namespace sketchscope
