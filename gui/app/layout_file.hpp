#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "gui/app/layout.hpp"

namespace sketchscope::app {

/// Converts a layout to JSON, as settings and layout files have it.
nlohmann::json layout_json(const LayoutChoice& layout);
/// Reads a layout, with its numbers clamped to what a person can set. Throws nlohmann's exceptions
/// on values of other types, UsageError on a side that is none.
LayoutChoice layout_from_json(const nlohmann::json& json);

/// Writes a layout to a file that others can read. Throws Error.
void write_layout(const std::filesystem::path& file, const LayoutChoice& layout);
/// Reads a layout from a file. Panels that this version does not have are left out when it is
/// drawn. Throws Error on a file that is none.
LayoutChoice read_layout(const std::filesystem::path& file);

}  // namespace sketchscope::app
