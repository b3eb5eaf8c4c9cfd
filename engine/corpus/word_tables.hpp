#pragma once

#include <span>
#include <string_view>

namespace sketchscope {

/// Returns the words of one table ("town", "object", …), from which a template field of that name
/// is filled. Throws Error if there is no such table.
std::span<const std::string_view> word_table(std::string_view name);

/// Returns the names of all tables.
std::span<const std::string_view> word_table_names();

}  // namespace sketchscope
