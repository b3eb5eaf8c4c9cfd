#include "gui/panels/panel_registry.hpp"

namespace sketchscope {

std::span<const PanelKind> panel_kinds() {
  return {};
}

}  // namespace sketchscope
