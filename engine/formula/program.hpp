#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace sketchscope::formula {

/// The limits of a formula: of its text in bytes, of its program in operations, and of the values
/// that it holds at once, which also limits how deeply brackets may nest.
inline constexpr std::size_t kLongestText = 1024;
inline constexpr std::size_t kMostOperations = 256;
inline constexpr int kDeepest = 64;
/// The widest kernel of `pool`, in slots.
inline constexpr int kWidestPool = 63;

/// An operation on the values of all slots of one table (docs/cache.md, "Formulas"). Those from
/// `sum` on look at all slots at once, the others at one.
enum class Op : std::uint8_t {
  number,
  name,
  negate,
  add,
  subtract,
  multiply,
  divide,
  power,
  less,
  less_equal,
  greater,
  greater_equal,
  equal,
  not_equal,
  exp,
  log,
  sqrt,
  abs,
  min,
  max,
  clamp,
  where,
  sum,
  mean,
  maxall,
  rank,
  zscore,
  softmax,
  pool
};

/// One step of a program: it takes its arguments from the top of a stack of values and leaves its
/// result there.
struct Operation {
  Op op = Op::number;
  float number = 0;  ///< of Op::number
  int index = 0;     ///< of Op::name: index in Program::names; of Op::pool: width of the kernel

  friend bool operator==(const Operation&, const Operation&) = default;
};

/// A formula as a stack program. It leaves one value and never holds more than `depth`.
struct Program {
  std::vector<Operation> operations;
  std::vector<std::size_t> names;  ///< the names used, as indices into those known, in order of use
  int depth = 0;
};

/// A function that a formula may call.
struct Function {
  std::string_view name;
  Op op;
  int arguments;
  std::string_view help;
};
std::span<const Function> functions();

/// Returns how many values an operation takes from the stack.
int arguments_of(Op op);

}  // namespace sketchscope::formula
