#include "gui/app/file_dialogs.hpp"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>
#include <utility>

#include "engine/core/error.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/platform/keyboard.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope::app {
namespace {

/// The actions of the menu from top to bottom, in groups with a line between them. Actions that
/// cannot be done now are left out if they come and go (recent paths), else they are grey.
constexpr std::array<std::string_view, 7> kMenuGroups = {
    "open recent_1 recent_2 recent_3 recent_4 recent_5 recent_6 recent_7 recent_8 cancel_open "
    "continue_run close_study",
    "prompt feed feed_clipboard restart save_run save_run_as",
    "former_1 former_2 former_3 former_4",
    "png_window svg_window save_as_window command_window export_folder",
    "record stop_recording",
    "tour shortcuts",
    "quit"};

bool comes_and_goes(std::string_view name) {
  return name.starts_with("recent_") || name.starts_with("former_") || name == "cancel_open" ||
         name == "continue_run" || name == "stop_recording" || name == "close_study";
}

namespace fs = std::filesystem;

constexpr std::size_t kRecentShown = 4;

float line_padding(const plot::Theme& theme) {
  return theme.unit() * 0.5F;
}

void draw_small_words(const widgets::ControlContext& context, const std::string& words) {
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + line_padding(context.theme));
  ImGui::PushFont(context.fonts.get(plot::Face::sans, plot::TextSize::small));
  ImGui::TextDisabled("%s", words.c_str());
  ImGui::PopFont();
}

/// Draws a line with text at the left and a faint text at the right. Returns whether it was
/// clicked.
bool draw_line(const widgets::ControlContext& context, const std::string& path,
               std::string_view words, std::string_view quiet) {
  const plot::Theme& theme = context.theme;
  const ImVec2 start = ImGui::GetCursorScreenPos();
  const plot::Rect line{start.x, start.y, start.x + ImGui::GetContentRegionAvail().x,
                        start.y + theme.unit() * 1.8F};
  const bool clicked =
      ImGui::Selectable(("##" + path).c_str(), false, ImGuiSelectableFlags_DontClosePopups,
                        {line.width(), line.height()});
  context.items.note(path, line);
  const float middle = line.center().y;
  const float pad = line_padding(theme);
  const plot::TextStyle right = widgets::small_text_at_right(theme.faint, plot::Face::sans);
  const plot::TextStyle left{.color = theme.text, .vertical = plot::VerticalAlign::middle};
  const float room = line.width() - 3 * pad - context.canvas.measure(quiet, right).width;
  context.canvas.text({line.left + pad, middle},
                      panels::fitted_text(context.canvas, words, left, room), left);
  context.canvas.text({line.right - pad, middle}, quiet, right);
  return clicked;
}

/// Draws the entry of an action. Returns whether it was chosen.
bool draw_entry(const widgets::ControlContext& context, const widgets::Action& action) {
  const std::string key = action.key ? widgets::chord_text(*action.key) : "";
  const bool enabled = action.is_enabled();
  const bool chosen = ImGui::MenuItem(action.title.c_str(), key.c_str(), false, enabled);
  widgets::note_widget(context.items, "File/" + action.name, enabled);
  if (!action.help.empty() && ImGui::IsItemHovered()) {
    ImGui::SetTooltip("%s", action.help.c_str());
  }
  return chosen;
}

}  // namespace

void FileMenu::draw(const widgets::ControlContext& context, const widgets::ActionTable& actions) {
  if (std::exchange(opening_, false)) ImGui::OpenPopup("File");
  if (const auto button = context.items.find("Run/file")) {
    ImGui::SetNextWindowPos({button->rect.left, button->rect.bottom + context.theme.unit() * 0.4F});
  }
  if (!ImGui::BeginPopup("File", ImGuiWindowFlags_NoMove)) return;
  const widgets::Action* run = nullptr;
  bool after_group = false;
  for (const std::string_view group : kMenuGroups) {
    std::istringstream names{std::string(group)};
    bool begun = false;
    for (std::string name; names >> name;) {
      const widgets::Action* action = actions.find(name);
      if (action == nullptr || (comes_and_goes(name) && !action->is_enabled())) continue;
      if (!std::exchange(begun, true) && after_group) ImGui::Separator();
      after_group = true;
      if (draw_entry(context, *action)) run = action;
    }
  }
  if (platform::is_key_pressed(platform::Key::escape)) ImGui::CloseCurrentPopup();
  ImGui::EndPopup();
  if (run != nullptr) run->run();
}

std::string offer_sentence(const model::OfferedModel& model) {
  return model.is_there()
             ? "A trained model is here, " + model.about + ": Open… (Ctrl O), " + model.name + "."
             : model.command() + " brings a trained model: " + model.about + ".";
}

void FilePicker::open(const fs::path& folder, Open picked) {
  picked_ = std::move(picked);
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
    beginning_.clear();
    mistake_.clear();
  } catch (const core::Error& error) {
    mistake_ = error.what();
  }
}

void FilePicker::enter(const fs::path& path) {
  // A trailing slash makes an empty last component, which denotes the same folder.
  const fs::path wanted = path.has_filename() ? path : path.parent_path();
  std::error_code ignored;
  if (fs::is_directory(wanted, ignored) && !kind_of_folder(wanted)) return go_to(wanted);
  chosen_ = wanted;
}

void FilePicker::follow_typing() {
  const fs::path typed = path_;
  beginning_ = typed.filename().string();
  const fs::path folder = typed.parent_path();
  std::error_code ignored;
  if (folder.empty() || fs::equivalent(folder, folder_, ignored)) return;
  if (!fs::is_directory(folder, ignored)) return;
  try {
    entries_ = list_folder(folder);
    folder_ = folder;
  } catch (const core::Error& error) {
    mistake_ = error.what();
  }
}

void FilePicker::draw_recent(const widgets::ControlContext& context,
                             const std::vector<OpenTarget>& recent) {
  if (recent.empty()) return;
  draw_small_words(context, "OPENED LATELY");
  for (std::size_t i = 0; i < std::min(recent.size(), kRecentShown); ++i) {
    const std::string name = "Open/recent_" + std::to_string(i + 1);
    if (draw_line(context, name, recent[i].path.string(), target_kind_name(recent[i].kind))) {
      chosen_ = recent[i].path;
    }
  }
  ImGui::Spacing();
}

void FilePicker::draw_models(const widgets::ControlContext& context,
                             const std::vector<model::OfferedModel>& models) {
  if (models.empty()) return;
  draw_small_words(context, "MODELS BY NAME");
  for (const model::OfferedModel& model : models) {
    if (model.is_there()) {
      if (draw_line(context, "Open/" + model.name, model.name, model.about)) chosen_ = model.file;
    } else {
      draw_small_words(context, offer_sentence(model));
    }
  }
  ImGui::Spacing();
}

void FilePicker::draw_folder(const widgets::ControlContext& context) {
  draw_small_words(context, "MODELS, RUNS AND TEXTS OF THIS FOLDER");
  ImGui::BeginChild("folder", {0, -context.theme.unit() * 3});
  fs::path next;
  if (folder_ != folder_.root_path() && draw_line(context, "Open/..", "..", "folder above")) {
    next = folder_.parent_path();
  }
  for (const FolderEntry& entry : entries_) {
    if (!entry.name.starts_with(beginning_)) continue;
    const std::string_view kind = entry.kind ? target_kind_name(*entry.kind) : "folder";
    if (!draw_line(context, "Open/" + entry.name, entry.name, kind)) continue;
    (entry.kind ? chosen_ : next) = folder_ / entry.name;
  }
  ImGui::EndChild();
  if (!next.empty()) go_to(next);
}

void FilePicker::draw(const widgets::ControlContext& context, const PickerOffers& offers,
                      const plot::Rect& window) {
  const plot::Theme& theme = context.theme;
  if (!popup_.begin(theme, window)) return;
  ImGui::PushFont(context.fonts.get(plot::Face::sans_bold, plot::TextSize::normal));
  ImGui::TextUnformatted("Open a model, a run or a text");
  ImGui::PopFont();
  const std::string before = path_;
  const bool entered = popup_.edit_line(context.items, "Open/path", path_);
  if (path_ != before) follow_typing();
  if (entered) enter(path_);
  ImGui::Spacing();
  draw_recent(context, offers.recent);
  draw_models(context, offers.models);
  draw_folder(context);

  const plot::Rect inside = widgets::Popup::inside(theme);
  const plot::Rect cancel{inside.right - theme.unit() * 8, inside.bottom - theme.unit() * 2.2F,
                          inside.right, inside.bottom};
  const plot::TextStyle small{.color = mistake_.empty() ? theme.faint : theme.bad,
                              .size = plot::TextSize::small,
                              .vertical = plot::VerticalAlign::middle};
  const std::string words =
      mistake_.empty() ? "Files may also be dropped on the window." : mistake_;
  context.canvas.text(
      {inside.left, cancel.center().y},
      panels::fitted_text(context.canvas, words, small, cancel.left - inside.left - theme.unit()),
      small);
  const bool given_up =
      widgets::text_button(context, "Open/cancel", cancel, "Cancel", widgets::Emphasis::plain, "");
  const fs::path chosen = std::exchange(chosen_, {});
  popup_.end(given_up || !chosen.empty());
  if (!chosen.empty()) picked_(chosen);
}

}  // namespace sketchscope::app
