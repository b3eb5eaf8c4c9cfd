#include "engine/settings/knob_changes.hpp"

#include "engine/core/error.hpp"

namespace sketchscope::settings {
namespace {

std::string without_blanks(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(kBlanks) - first + 1));
}

}  // namespace

std::vector<std::string> list_parts(std::string_view text, char separator) {
  std::vector<std::string> parts;
  int open = 0;
  std::size_t first = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    open += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
    if (text[at] != separator || open > 0) continue;
    parts.push_back(without_blanks(text.substr(first, at - first)));
    first = at + 1;
  }
  std::string last = without_blanks(text.substr(first));
  if (!last.empty()) parts.push_back(std::move(last));
  return parts;
}

KnobValue knob_value(std::string_view what, std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    throw core::UsageError({.what = std::string(what),
                            .found = "'" + std::string(text) + "'",
                            .expected = "KNOB=VALUE, as in max_cache_size=80"});
  }
  KnobValue set{without_blanks(text.substr(0, equals)), without_blanks(text.substr(equals + 1))};
  Knobs probe;
  set_knob(probe, set.knob, set.value);
  return set;
}

Knobs with_changes(Knobs knobs, std::string_view changes) {
  for (const std::string& part : list_parts(changes)) {
    const KnobValue set = knob_value("change of a knob", part);
    set_knob(knobs, set.knob, set.value);
  }
  check_knobs(knobs);
  return knobs;
}

std::string changes_between(const Knobs& from, const Knobs& to) {
  std::string text;
  for (const KnobInfo& knob : knob_table()) {
    if (same_value(from, to, knob)) continue;
    text += (text.empty() ? "" : ",") + std::string(knob.name) + "=" + knob_text(to, knob);
  }
  return text;
}

}  // namespace sketchscope::settings
