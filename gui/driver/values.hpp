#pragma once

#include <map>
#include <string>

namespace sketchscope {

class Stage;

/// What a value is called that the engine did not measure.
inline constexpr const char* kAbsentValue = "absent";

/// Everything that a script may expect something of, by path: "applied.max_cache_size",
/// "last.evictions", "layer.0.stored".
using Values = std::map<std::string, std::string>;

/// From the newest record, state and window.
Values collect_values(const Stage& stage);

/// One comparison of a script: == != < <= > >= contains. Numbers are compared as numbers. Throws
/// UsageError on another operator, or one that needs numbers and has none.
bool compare_values(const std::string& left, const std::string& op, const std::string& right);

}  // namespace sketchscope
