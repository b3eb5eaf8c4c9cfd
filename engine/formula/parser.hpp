#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "engine/formula/program.hpp"

namespace sketchscope::formula {

/// What keeps a text from being a formula, and where.
struct Mistake {
  int column = 1;  ///< of the first character that does not belong there, counted from 1
  std::string found;
  std::string expected;
};

/// Parses a text such as `mass/queries * exp(-age/64)`. Operators by precedence, the weakest first:
/// `< <= > >= == !=`, `+ -`, `* /`, the sign `-`, and `^`, which alone groups from the right.
/// `names` are the values that it may name.
std::variant<Program, Mistake> parse(std::string_view text,
                                     std::span<const std::string_view> names);

}  // namespace sketchscope::formula
