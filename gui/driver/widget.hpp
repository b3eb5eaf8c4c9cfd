#pragma once

#include <string_view>

#include "gui/driver/item_registry.hpp"

namespace sketchscope {

/// Notes the ImGui widget that was just submitted, so that scripts find it. A slider's or input's
/// label lies right of it and inside its rectangle: give widgets labels that start with "##".
void note_widget(ItemRegistry& items, std::string_view path, bool enabled = true);

}  // namespace sketchscope
