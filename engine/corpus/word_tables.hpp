#pragma once

#include <span>
#include <string_view>

namespace sketchscope {

/// The words of one table ("town", "object", …), from which a slot of that name is filled.
/// Throws Error when there is no such table.
std::span<const std::string_view> word_table(std::string_view name);

/// The names of all tables.
std::span<const std::string_view> word_table_names();

}  // namespace sketchscope
