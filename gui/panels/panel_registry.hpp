#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "gui/panels/panel.hpp"

namespace sketchscope {

struct PanelKind {
  std::string_view name;
  std::unique_ptr<Panel> (*make)();
};

/// Every panel there is, in the order in which menus list them.
std::span<const PanelKind> panel_kinds();

}  // namespace sketchscope
