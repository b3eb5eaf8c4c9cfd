#include "gui/app/export_place.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "engine/core/error.hpp"

namespace sketchscope::app {
namespace {

namespace fs = std::filesystem;

std::string as_part_of_name(std::string words) {
  std::ranges::replace_if(
      words,
      [](unsigned char letter) {
        const bool plain = std::isalnum(letter) != 0 || letter == '.' || letter == '_';
        return !plain && letter < 0x80;
      },
      '-');
  return words;
}

void check_folder(const fs::path& folder) {
  std::error_code ignored;
  if (fs::is_directory(folder, ignored)) return;
  throw core::UsageError({.what = "folder " + folder.string(),
                          .found = fs::exists(folder, ignored) ? "a file" : "nothing there",
                          .expected = "a folder"});
}

}  // namespace

std::string export_name(const std::string& what, const view::History& history,
                        const run::ModelInfo& model, const settings::Knobs& knobs) {
  std::string name = "sketchscope-" + what;
  if (!model.name.empty()) name += "-" + as_part_of_name(model.name);
  name += "-" + knobs.policy.name();
  if (knobs.policy->evicts) name += "-" + std::to_string(knobs.max_cache_size);
  // The name counts steps from 0, as the window does.
  const auto step = std::max<std::int64_t>(static_cast<std::int64_t>(history.size()) - 1, 0);
  return name + "-run" + std::to_string(history.run()) + "-step" + std::to_string(step);
}

fs::path ExportPlace::folder() const {
  if (!given_.empty()) return given_;
  const fs::path& chosen = settings_.get().export_folder;
  return chosen.empty() ? fs::path(".") : chosen;
}

fs::path ExportPlace::path_of(const std::string& what, const std::string& ending) const {
  return folder() /
         (export_name(what, run_.history(), run_.model(), run_.state().applied) + ending);
}

void ExportPlace::choose_folder(const fs::path& folder) {
  if (!folder.empty()) check_folder(folder);
  const fs::path chosen = folder.empty() ? fs::path() : fs::absolute(folder).lexically_normal();
  given_.clear();
  settings_.change([&](Settings& settings) { settings.export_folder = chosen; });
}

void ExportPlace::add_actions(widgets::ActionTable& actions) {
  actions.add("export_folder", "Folder for pictures and runs…",
              "Where actions save them, kept for every later start",
              {.only_opens = true, .run = [this] {
                 editor_.open({.title = "Folder for pictures, tables and runs",
                               .hint = "Enter takes it; none is the folder of the start.",
                               .text = folder() == "." ? "" : folder().string(),
                               .accept = [this](const std::string& text) { choose_folder(text); }});
               }});
}

void ExportPlace::ask(Question question) {
  replaces_.clear();
  const std::string first = fs::absolute(question.first).lexically_normal().string();
  editor_.open({.title = question.title,
                .hint = question.hint,
                .text = first,
                .accept = [this, question = std::move(question)](const std::string& text) {
                  const fs::path path = text;
                  question.check(path);
                  const fs::path folder = path.has_parent_path() ? path.parent_path() : ".";
                  check_folder(folder);
                  std::error_code ignored;
                  if (fs::exists(path, ignored) && replaces_ != path) {
                    replaces_ = path;
                    throw core::UsageError(path.string() + " is there already. Enter replaces it");
                  }
                  choose_folder(folder);
                  question.save(path);
                }});
}

}  // namespace sketchscope::app
