#pragma once

#include <map>
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

/// Evaluates a comparison with == != < <= > >= or contains. Numbers are compared as numbers. Throws
/// UsageError on an unknown operator, or if an order operator has no numbers.
bool compare_values(const std::string& left, const std::string& op, const std::string& right);

}  // namespace sketchscope::driver
