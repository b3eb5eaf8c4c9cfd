#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sketchscope::driver {

/// Returns the text of a value by its path; empty if there is none of that path.
using FindValue = std::function<std::optional<std::string>(const std::string& path)>;

/// Returns the value of an arithmetic expression such as "1.2 * other.perplexity - 3": numbers,
/// paths of values that are numbers, + − * /, parentheses, a sign. Empty if the text is no
/// expression of two or more operands, or if an operand is absent. Throws UsageError on an operand
/// that is neither a number nor the path of one.
std::optional<double> expression_value(std::string_view text, const FindValue& find);

}  // namespace sketchscope::driver
