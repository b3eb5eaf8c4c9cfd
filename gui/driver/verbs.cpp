#include "gui/driver/verbs.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <sstream>
#include <utility>

namespace sketchscope {
namespace {

constexpr std::size_t kAnyNumber = std::numeric_limits<std::size_t>::max();

/// Returns the verbs that control the execution of other lines.
std::vector<ScriptVerb> structure_verbs() {
  return {
      {.name = "test", .forms = {{"NAME…", "names the lines that follow, up to the next `test`"}}},
      {.name = "repeat", .forms = {{"N", "repeats the lines up to its `end`"}}},
      {.name = "end", .forms = {{"", "ends a `repeat`"}}},
  };
}

WordCount words_of(const VerbForm& form) {
  WordCount count;
  bool optional = false;
  std::istringstream stream{std::string(form.arguments)};
  for (std::string word; stream >> word;) {
    if (word.starts_with('[')) optional = true;
    ++count.most;
    if (!optional) ++count.least;
    if (word.ends_with(']')) optional = false;
    if (word.ends_with("…")) count.most = kAnyNumber;
  }
  return count;
}

std::string statement_text(const ScriptVerb& verb, const VerbForm& form) {
  std::string text(verb.name);
  if (!form.arguments.empty()) text += " " + std::string(form.arguments);
  return text;
}

constexpr std::array<std::pair<VerbGroup, std::string_view>, 4> kHeadings = {
    {{VerbGroup::structure, ""},
     {VerbGroup::run, "the run"},
     {VerbGroup::hand, "the hand"},
     {VerbGroup::expectation, "what must be so"}}};

}  // namespace

const std::vector<ScriptVerb>& script_verbs() {
  static const std::vector<ScriptVerb> verbs = [] {
    std::vector<ScriptVerb> all;
    for (const auto& part : {structure_verbs(), run_verbs(), hand_verbs(), expectation_verbs()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return verbs;
}

const ScriptVerb* find_verb(std::string_view name) {
  const auto found = std::ranges::find(script_verbs(), name, &ScriptVerb::name);
  return found == script_verbs().end() ? nullptr : &*found;
}

WordCount word_count(const ScriptVerb& verb) {
  WordCount count{.least = kAnyNumber};
  for (const VerbForm& form : verb.forms) {
    const WordCount of_form = words_of(form);
    count.least = std::min(count.least, of_form.least);
    count.most = std::max(count.most, of_form.most);
  }
  return count;
}

std::string usage_text(const ScriptVerb& verb) {
  std::string text;
  for (const VerbForm& form : verb.forms) {
    text += (text.empty() ? "" : " | ") + statement_text(verb, form);
  }
  return text;
}

std::string verb_table() {
  std::string table = "| line | does |\n|---|---|\n";
  for (const auto& [group, heading] : kHeadings) {
    if (!heading.empty()) table += "| **" + std::string(heading) + "** | |\n";
    for (const ScriptVerb& verb : script_verbs()) {
      if (verb.group != group) continue;
      for (const VerbForm& form : verb.forms) {
        table += "| `" + statement_text(verb, form) + "` | " + std::string(form.help) + " |\n";
      }
    }
  }
  return table;
}

}  // namespace sketchscope
