#include "engine/formula/evaluate.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

namespace sketchscope::formula {
namespace {

constexpr float kLowest = -std::numeric_limits<float>::infinity();

/// Sorts by key, equal keys in the order in which they came: a radix sort of bytes, which takes the
/// same time whatever the order was. `spare` has the same size.
void sort_by_key(std::vector<SortedSlot>& sorted, std::vector<SortedSlot>& spare) {
  constexpr std::uint32_t kBytes = 4;
  const auto digit = [](std::uint32_t key, std::uint32_t byte) { return key >> 8 * byte & 0xFFU; };
  std::array<std::array<std::uint32_t, 256>, kBytes> starts{};
  for (const SortedSlot& entry : sorted) {
    for (std::uint32_t byte = 0; byte < kBytes; ++byte) ++starts[byte][digit(entry.key, byte)];
  }
  for (std::uint32_t byte = 0; byte < kBytes; ++byte) {
    std::array<std::uint32_t, 256>& of_digit = starts[byte];
    if (of_digit[digit(sorted.front().key, byte)] == sorted.size()) continue;  // all alike
    std::exclusive_scan(of_digit.begin(), of_digit.end(), of_digit.begin(), 0U);
    const SortedSlot* const from = sorted.data();
    SortedSlot* const to = spare.data();
    for (std::size_t place = 0; place < sorted.size(); ++place) {
      const SortedSlot entry = from[place];
      to[of_digit[digit(entry.key, byte)]++] = entry;
    }
    std::swap(sorted, spare);
  }
}

/// Returns a number that orders as the value does, with NaN as the lowest.
std::uint32_t order_key(float value) {
  if (std::isnan(value)) value = kLowest;
  const auto bits = std::bit_cast<std::uint32_t>(value + 0.0F);  // −0 becomes 0
  constexpr std::uint32_t kSign = 0x80000000U;
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

/// A value on the stack: one number, or one for each slot.
struct Value {
  const float* slots = nullptr;  // (S); null for one number
  float number = 0;
};

float power(float base, float exponent) {
  return std::pow(base, exponent);
}
float smaller(float left, float right) {
  return left < right || std::isnan(left) ? left : right;
}
float larger(float left, float right) {
  return left > right || std::isnan(left) ? left : right;
}
bool holds(float condition) {
  return condition != 0 && !std::isnan(condition);
}

/// The stack of an evaluation. A value that is computed lies in the row of the workspace that
/// belongs to its place on the stack; a column lies where the caller has it.
class Machine {
 public:
  Machine(const Table& table, Workspace& workspace)
      : table_(table), workspace_(workspace), slots_(table.positions.size()) {}

  void run(const Program& program) {
    for (const Operation& operation : program.operations) step(operation);
  }

  void write(std::span<float> result) const {
    const Value& value = stack_.front();
    if (value.slots == nullptr) {
      std::ranges::fill(result, value.number);
    } else {
      std::copy_n(value.slots, result.size(), result.begin());
    }
  }

 private:
  void step(const Operation& operation) {
    switch (operation.op) {
      case Op::number:
        return push({.number = operation.number});
      case Op::name:
        return push_column(table_.columns[static_cast<std::size_t>(operation.index)]);
      case Op::pool:
        return pool(operation.index);
      case Op::clamp:
        return with_three(
            [](float x, float low, float high) { return smaller(larger(x, low), high); });
      case Op::where:
        return with_three([](float condition, float left, float right) {
          return holds(condition) ? left : right;
        });
      default:
        break;
    }
    if (arguments_of(operation.op) == 2) return with_two(operation.op);
    operation.op < Op::sum ? with_one(operation.op) : over_table(operation.op);
  }

  void with_one(Op op) {
    switch (op) {
      case Op::negate:
        return map([](float x) { return -x; });
      case Op::exp:
        return map([](float x) { return std::exp(x); });
      case Op::log:
        return map([](float x) { return std::log(x); });
      case Op::sqrt:
        return map([](float x) { return std::sqrt(x); });
      default:
        return map([](float x) { return std::abs(x); });
    }
  }

  void with_two(Op op) {
    switch (op) {
      case Op::add:
        return map_two([](float a, float b) { return a + b; });
      case Op::subtract:
        return map_two([](float a, float b) { return a - b; });
      case Op::multiply:
        return map_two([](float a, float b) { return a * b; });
      case Op::divide:
        return map_two([](float a, float b) { return a / b; });
      case Op::power:
        return map_two(power);
      case Op::less:
        return map_two([](float a, float b) { return a < b ? 1.0F : 0.0F; });
      case Op::less_equal:
        return map_two([](float a, float b) { return a <= b ? 1.0F : 0.0F; });
      case Op::greater:
        return map_two([](float a, float b) { return a > b ? 1.0F : 0.0F; });
      case Op::greater_equal:
        return map_two([](float a, float b) { return a >= b ? 1.0F : 0.0F; });
      case Op::equal:
        return map_two([](float a, float b) { return a == b ? 1.0F : 0.0F; });
      case Op::not_equal:
        return map_two([](float a, float b) { return a != b ? 1.0F : 0.0F; });
      case Op::min:
        return map_two(smaller);
      default:
        return map_two(larger);
    }
  }

  void over_table(Op op) {
    switch (op) {
      case Op::sum:
        return replace_top({.number = static_cast<float>(sum(spread_top()))});
      case Op::mean:
        return replace_top({.number = static_cast<float>(mean(spread_top()))});
      case Op::maxall:
        return replace_top({.number = largest(spread_top())});
      case Op::rank:
        return rank();
      case Op::zscore:
        return zscore();
      default:
        return softmax();
    }
  }

  template <typename Function>
  void map(const Function& function) {
    Value& top = top_value();
    if (top.slots == nullptr) {
      top.number = function(top.number);
      return;
    }
    const float* const from = top.slots;
    float* const to = row(height_ - 1);
    for (std::size_t slot = 0; slot < slots_; ++slot) to[slot] = function(from[slot]);
    top.slots = to;
  }

  template <typename Function>
  void map_two(const Function& function) {
    const Value right = pop();
    Value& left = top_value();
    float* const to = row(height_ - 1);
    if (left.slots == nullptr && right.slots == nullptr) {
      left.number = function(left.number, right.number);
      return;
    }
    if (left.slots == nullptr) {
      for (std::size_t slot = 0; slot < slots_; ++slot) {
        to[slot] = function(left.number, right.slots[slot]);
      }
    } else if (right.slots == nullptr) {
      for (std::size_t slot = 0; slot < slots_; ++slot) {
        to[slot] = function(left.slots[slot], right.number);
      }
    } else {
      for (std::size_t slot = 0; slot < slots_; ++slot) {
        to[slot] = function(left.slots[slot], right.slots[slot]);
      }
    }
    left.slots = to;
  }

  template <typename Function>
  void with_three(const Function& function) {
    const Value third = pop(), second = pop();
    Value& first = top_value();
    if (first.slots == nullptr && second.slots == nullptr && third.slots == nullptr) {
      first.number = function(first.number, second.number, third.number);
      return;
    }
    const auto at = [](const Value& value, std::size_t slot) {
      return value.slots == nullptr ? value.number : value.slots[slot];
    };
    float* const to = row(height_ - 1);
    for (std::size_t slot = 0; slot < slots_; ++slot) {
      to[slot] = function(at(first, slot), at(second, slot), at(third, slot));
    }
    first.slots = to;
  }

  [[nodiscard]] double sum(std::span<const float> values) const {
    return std::accumulate(values.begin(), values.end(), 0.0);
  }
  [[nodiscard]] double mean(std::span<const float> values) const {
    return sum(values) / static_cast<double>(slots_);
  }
  // NaN is as low as −∞ here, so that it is never the largest.
  [[nodiscard]] static float largest(std::span<const float> values) {
    float highest = kLowest;
    for (const float value : values) highest = value > highest ? value : highest;
    return highest;
  }

  void zscore() {
    const std::span<float> values = spread_top();
    const double middle = mean(values);
    double squares = 0;
    for (const float value : values) squares += (value - middle) * (value - middle);
    const double deviation = std::sqrt(squares / static_cast<double>(slots_));
    for (float& value : values) {
      value = deviation == 0 ? 0.0F : static_cast<float>((value - middle) / deviation);
    }
  }

  void softmax() {
    const std::span<float> values = spread_top();
    const float highest = largest(values);
    for (float& value : values) value = std::exp(value - highest);
    const auto whole = static_cast<float>(sum(values));
    for (float& value : values) value /= whole;
  }

  void rank() {
    const std::span<float> values = spread_top();
    std::vector<SortedSlot>& sorted = workspace_.by_value;
    for (std::uint32_t slot = 0; slot < slots_; ++slot) {
      sorted[slot] = {.key = order_key(values[slot]), .slot = slot};
    }
    sort_by_key(sorted, workspace_.spare);
    for (std::size_t first = 0; first < slots_;) {
      std::size_t end = first + 1;
      while (end < slots_ && sorted[end].key == sorted[first].key) ++end;
      const float shared = static_cast<float>(first + end - 1) / 2;
      for (; first < end; ++first) values[sorted[first].slot] = shared;
    }
  }

  void pool(int width) {
    sort_positions();
    const std::span<float> values = spread_top();
    // The row above the top is free: a pool's width was never pushed.
    const std::span<float> ordered(row(height_), slots_);
    const std::vector<SortedSlot>& order = workspace_.by_position;
    for (std::size_t place = 0; place < slots_; ++place) ordered[place] = values[order[place].slot];
    const auto reach = static_cast<std::size_t>(width / 2);
    for (std::size_t place = 0; place < slots_; ++place) {
      const std::size_t end = std::min(place + reach + 1, slots_);
      double whole = 0;
      for (std::size_t at = place - std::min(place, reach); at < end; ++at) whole += ordered[at];
      values[order[place].slot] = static_cast<float>(whole / width);
    }
  }

  void sort_positions() {
    if (positions_sorted_) return;
    for (std::uint32_t slot = 0; slot < slots_; ++slot) {
      workspace_.by_position[slot] = {.key = static_cast<std::uint32_t>(table_.positions[slot]),
                                      .slot = slot};
    }
    sort_by_key(workspace_.by_position, workspace_.spare);
    positions_sorted_ = true;
  }

  // Returns the top as one value a slot that may be changed.
  std::span<float> spread_top() {
    Value& top = top_value();
    float* const own = row(height_ - 1);
    if (top.slots == nullptr) {
      std::fill_n(own, slots_, top.number);
    } else if (top.slots != own) {
      std::copy_n(top.slots, slots_, own);
    }
    top.slots = own;
    return {own, slots_};
  }

  void push(const Value& value) { stack_[height_++] = value; }
  void push_column(const Column& column) {
    if (const auto* number = std::get_if<float>(&column)) return push({.number = *number});
    push({.slots = std::get<std::span<const float>>(column).data()});
  }
  Value pop() { return stack_[--height_]; }
  Value& top_value() { return stack_[height_ - 1]; }
  void replace_top(const Value& value) { top_value() = value; }
  float* row(std::size_t place) { return workspace_.values.data() + place * slots_; }

  const Table& table_;
  Workspace& workspace_;
  std::size_t slots_;
  std::array<Value, kDeepest> stack_{};
  std::size_t height_ = 0;
  bool positions_sorted_ = false;
};

}  // namespace

Workspace::Size Workspace::size_of(const Program& program, std::size_t slots, std::size_t columns) {
  const auto uses = [&](Op op) {
    return std::ranges::find(program.operations, op, &Operation::op) != program.operations.end();
  };
  return {.values = (static_cast<std::size_t>(program.depth) + 1) * slots,
          .columns = columns * slots,
          .sorted = uses(Op::rank) || uses(Op::pool) ? slots : 0};
}

void Workspace::reserve(const Size& size) {
  values.resize(std::max(values.size(), size.values));
  columns.resize(std::max(columns.size(), size.columns));
  // The sort exchanges these vectors, so they have one size, and that of the table.
  for (auto* sorted : {&by_value, &by_position, &spare}) {
    if (size.sorted > 0) sorted->resize(size.sorted);
  }
}

std::size_t Workspace::bytes() const {
  std::size_t bytes = (values.capacity() + columns.capacity()) * sizeof(float);
  for (const auto* sorted : {&by_value, &by_position, &spare}) {
    bytes += sorted->capacity() * sizeof(SortedSlot);
  }
  return bytes;
}

void evaluate(const Program& program, const Table& table, Workspace& workspace,
              std::span<float> result) {
  if (result.empty()) return;
  workspace.reserve(Workspace::size_of(program, result.size(), 0));
  Machine machine(table, workspace);
  machine.run(program);
  machine.write(result);
}

}  // namespace sketchscope::formula
