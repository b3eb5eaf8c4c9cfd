#include "engine/formula/program.hpp"

#include <algorithm>
#include <array>

namespace sketchscope::formula {

std::span<const Function> functions() {
  static constexpr std::array kFunctions = {
      Function{"exp", Op::exp, 1, "e to the power of x"},
      Function{"log", Op::log, 1, "natural logarithm of x"},
      Function{"sqrt", Op::sqrt, 1, "square root of x"},
      Function{"abs", Op::abs, 1, "x without its sign"},
      Function{"min", Op::min, 2, "the smaller of two values"},
      Function{"max", Op::max, 2, "the larger of two values"},
      Function{"pow", Op::power, 2, "x to the power of y, as x ^ y"},
      Function{"clamp", Op::clamp, 3, "x, at least the second and at most the third value"},
      Function{"where", Op::where, 3, "the second value where the first is not 0, else the third"},
      Function{"sum", Op::sum, 1, "sum over the table"},
      Function{"mean", Op::mean, 1, "mean over the table"},
      Function{"maxall", Op::maxall, 1, "largest value of the table"},
      Function{"rank", Op::rank, 1, "how many slots have a lower value; equal ones share the mean"},
      Function{"zscore", Op::zscore, 1, "distance from the table's mean in standard deviations"},
      Function{"softmax", Op::softmax, 1, "exp(x), divided by its sum over the table"},
      Function{"pool", Op::pool, 2, "mean of the k neighbours in order of position, k odd"},
  };
  return kFunctions;
}

int arguments_of(Op op) {
  if (op == Op::number || op == Op::name) return 0;
  if (op == Op::negate || op == Op::pool) return 1;  // the width of a pool is no value
  if (op >= Op::add && op <= Op::not_equal) return 2;
  return std::ranges::find(functions(), op, &Function::op)->arguments;
}

}  // namespace sketchscope::formula
