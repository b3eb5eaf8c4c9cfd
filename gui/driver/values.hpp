#pragma once

#include <map>
#include <optional>
#include <string>

namespace sketchscope::driver {

class DrivenWindow;

/// The text of a value that was not measured.
inline constexpr const char* kAbsentValue = "absent";

/// All values that a script can test, by path: "applied.max_cache_size", "last.evictions",
/// "layer.0.stored".
using Values = std::map<std::string, std::string>;

/// Collects the values of the newest record, the state and the window.
Values collect_values(const DrivenWindow& window);

/// Returns the value at a path, that of an expression over steps (range_value()), or a statistic of
/// the run, the range or the compared run (scope_value()); empty if the word is none of them.
/// Throws UsageError on an expression with an unknown path or step.
std::optional<std::string> find_value(const DrivenWindow& window, const std::string& word);

/// Evaluates a comparison with == != < <= > >= or contains. Numbers are compared as numbers. Throws
/// UsageError on an unknown operator, or if an order operator has no numbers.
bool compare_values(const std::string& left, const std::string& op, const std::string& right);

}  // namespace sketchscope::driver
