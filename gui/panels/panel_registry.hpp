#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "gui/panels/panel.hpp"

namespace sketchscope {

/// An entry of the registry of panels.
struct PanelKind {
  std::string_view name;
  std::unique_ptr<Panel> (*make)();
};

/// Returns all kinds of panels in the order of menus.
std::span<const PanelKind> panel_kinds();

}  // namespace sketchscope
