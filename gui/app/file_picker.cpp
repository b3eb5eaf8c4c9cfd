#include "gui/app/file_picker.hpp"

#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <utility>

#include "engine/core/error.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/platform/keyboard.hpp"

namespace sketchscope {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRecentShown = 4;

float line_padding(const Theme& theme) {
  return theme.unit() * 0.5F;
}

void draw_heading(const ControlContext& context, const char* words) {
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + line_padding(context.theme));
  ImGui::PushFont(context.fonts.get(Face::sans, TextSize::small));
  ImGui::TextDisabled("%s", words);
  ImGui::PopFont();
}

/// Draws a line with text at the left and a faint text at the right. Returns whether it was
/// clicked.
bool draw_line(const ControlContext& context, const std::string& path, std::string_view words,
               std::string_view quiet) {
  const Theme& theme = context.theme;
  const ImVec2 start = ImGui::GetCursorScreenPos();
  const Rect line{start.x, start.y, start.x + ImGui::GetContentRegionAvail().x,
                  start.y + theme.unit() * 1.8F};
  const bool clicked =
      ImGui::Selectable(("##" + path).c_str(), false, ImGuiSelectableFlags_DontClosePopups,
                        {line.width(), line.height()});
  context.items.note(path, line);
  const float middle = line.center().y;
  const float pad = line_padding(theme);
  const TextStyle right{.color = theme.faint,
                        .size = TextSize::small,
                        .align = Align::right,
                        .vertical = VerticalAlign::middle};
  const TextStyle left{.color = theme.text, .vertical = VerticalAlign::middle};
  const float room = line.width() - 3 * pad - context.canvas.measure(quiet, right).width;
  context.canvas.text({line.left + pad, middle}, fitted_text(context.canvas, words, left, room),
                      left);
  context.canvas.text({line.right - pad, middle}, quiet, right);
  return clicked;
}

}  // namespace

void FilePicker::open(const fs::path& folder) {
  popup_.open();
  mistake_.clear();
  for (fs::path at = fs::absolute(folder);; at = at.parent_path()) {
    std::error_code ignored;
    if (fs::is_directory(at, ignored)) return go_to(at);
    if (at == at.root_path()) return go_to(at);
  }
}

void FilePicker::go_to(const fs::path& folder) {
  try {
    entries_ = list_folder(folder);
    folder_ = folder;
    path_ = (folder / "").string();
    mistake_.clear();
  } catch (const Error& error) {
    mistake_ = error.what();
  }
}

void FilePicker::enter(const fs::path& path) {
  // A trailing slash makes an empty last component, which denotes the same folder.
  const fs::path wanted = path.has_filename() ? path : path.parent_path();
  std::error_code ignored;
  const bool model = fs::exists(wanted / "config.json", ignored);
  if (fs::is_directory(wanted, ignored) && !model) return go_to(wanted);
  chosen_ = wanted;
}

void FilePicker::draw_recent(const ControlContext& context, const std::vector<Openable>& recent) {
  if (recent.empty()) return;
  draw_heading(context, "OPENED LATELY");
  for (std::size_t i = 0; i < std::min(recent.size(), kRecentShown); ++i) {
    const std::string name = "Open/recent_" + std::to_string(i + 1);
    if (draw_line(context, name, recent[i].path.string(), openable_name(recent[i].kind))) {
      chosen_ = recent[i].path;
    }
  }
  ImGui::Spacing();
}

void FilePicker::draw_folder(const ControlContext& context) {
  draw_heading(context, "MODELS, RUNS AND TEXTS OF THIS FOLDER");
  ImGui::BeginChild("folder", {0, -context.theme.unit() * 3});
  fs::path next;
  if (folder_ != folder_.root_path() && draw_line(context, "Open/..", "..", "folder above")) {
    next = folder_.parent_path();
  }
  for (const FolderEntry& entry : entries_) {
    const std::string_view kind = entry.kind ? openable_name(*entry.kind) : "folder";
    if (!draw_line(context, "Open/" + entry.name, entry.name, kind)) continue;
    (entry.kind ? chosen_ : next) = folder_ / entry.name;
  }
  ImGui::EndChild();
  if (!next.empty()) go_to(next);
}

void FilePicker::draw(const ControlContext& context, const std::vector<Openable>& recent,
                      const Rect& window, const Open& picked) {
  const Theme& theme = context.theme;
  if (!popup_.begin(theme, window)) return;
  ImGui::PushFont(context.fonts.get(Face::sans_bold, TextSize::normal));
  ImGui::TextUnformatted("Open a model, a run or a text");
  ImGui::PopFont();
  if (popup_.takes_keyboard()) ImGui::SetKeyboardFocusHere();
  ImGui::SetNextItemWidth(-1);
  const bool entered = ImGui::InputText("##path", &path_, ImGuiInputTextFlags_EnterReturnsTrue);
  note_widget(context.items, "Open/path");
  if (entered) enter(path_);
  ImGui::Spacing();
  draw_recent(context, recent);
  draw_folder(context);

  const Rect inside = Popup::inside(theme);
  const float bottom = inside.bottom;
  const float right = inside.right;
  const Rect cancel{right - theme.unit() * 8, bottom - theme.unit() * 2.2F, right, bottom};
  const TextStyle small{.color = mistake_.empty() ? theme.faint : theme.bad,
                        .size = TextSize::small,
                        .vertical = VerticalAlign::middle};
  const std::string words =
      mistake_.empty() ? "Files may also be dropped on the window." : mistake_;
  const float left = inside.left;
  context.canvas.text({left, cancel.center().y},
                      fitted_text(context.canvas, words, small, cancel.left - left - theme.unit()),
                      small);
  const bool given_up =
      text_button(context, "Open/cancel", cancel, "Cancel", Emphasis::plain, "") ||
      is_key_pressed(Key::escape);
  const fs::path chosen = std::exchange(chosen_, {});
  if (given_up || !chosen.empty()) popup_.close();
  Popup::end();
  if (!chosen.empty()) picked(chosen);
}

}  // namespace sketchscope
