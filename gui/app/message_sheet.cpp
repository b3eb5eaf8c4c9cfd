#include "gui/app/message_sheet.hpp"

#include <imgui.h>

#include <ranges>
#include <string>

#include "gui/platform/keyboard.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope {
namespace {

std::string line_of(const NoticeBoard::Told& told) {
  return told.text + (told.times > 1 ? "  (" + std::to_string(told.times) + " times)" : "");
}

void draw_lines(const ControlContext& context, const NoticeBoard& notices) {
  const Theme& theme = context.theme;
  const float indent = theme.unit();
  for (const NoticeBoard::Told& told : notices.told() | std::views::reverse) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const bool error = told.kind == Notice::Kind::error;
    context.canvas.fill({at.x, at.y + theme.unit() * 0.15F, at.x + 3, at.y + theme.unit() * 1.1F},
                        error ? theme.bad : theme.accent);
    ImGui::Indent(indent);
    ImGui::PushTextWrapPos(0);
    ImGui::TextUnformatted(line_of(told).c_str());
    ImGui::PopTextWrapPos();
    ImGui::Unindent(indent);
    ImGui::Spacing();
  }
}

void draw_copy(const ControlContext& context, const NoticeBoard& notices) {
  if (ImGui::Button("Copy all")) {
    std::string all;
    for (const NoticeBoard::Told& told : notices.told()) all += line_of(told) + "\n";
    ImGui::SetClipboardText(all.c_str());
  }
  note_widget(context.items, "Messages/copy");
}

}  // namespace

void MessageSheet::draw(const ControlContext& context, const NoticeBoard& notices,
                        const Rect& window) {
  if (!popup_.begin(context.theme, window)) return;
  ImGui::TextUnformatted("Messages");
  const ImVec2 corner = ImGui::GetWindowPos();
  const ImVec2 size = ImGui::GetWindowSize();
  context.items.note("Messages/sheet", {corner.x, corner.y, corner.x + size.x, corner.y + size.y});
  ImGui::Separator();
  if (notices.told().empty()) {
    ImGui::TextDisabled("Nothing was said so far");
  } else {
    draw_lines(context, notices);
    draw_copy(context, notices);
  }
  if (is_key_pressed(Key::escape)) popup_.close();
  Popup::end();
}

}  // namespace sketchscope
