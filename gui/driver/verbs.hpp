#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "gui/driver/script.hpp"

namespace sketchscope {

class ScriptHand;

/// One way to write a verb's statement.
struct VerbForm {
  std::string_view
      arguments;          ///< "ITEM [X Y]": what stands in brackets may be left out, "…" goes on
  std::string_view help;  ///< what it does
};

/// Under which heading of the manual page it stands.
enum class VerbGroup : std::uint8_t { structure, run, hand, expectation };

/// A verb of the script language.
struct ScriptVerb {
  std::string_view name;
  VerbGroup group = VerbGroup::structure;
  std::vector<VerbForm> forms;
  /// Carries out a line of it; throws Error where that cannot be done, or what is expected is not
  /// so. Null for `test`, `repeat` and `end`, which say what happens to other lines.
  void (*run)(ScriptHand& hand, const ScriptLine& line) = nullptr;
};

/// The whole language. Parser, runner, recorder and the table of gui/driver/README.md read it here.
const std::vector<ScriptVerb>& script_verbs();
/// Null where there is none of that name.
const ScriptVerb* find_verb(std::string_view name);

/// How many words may follow a verb, whichever of its forms is meant.
struct WordCount {
  std::size_t least = 0;
  std::size_t most = 0;
};
WordCount word_count(const ScriptVerb& verb);

/// All forms of a verb: "click ACTION | click ITEM [X Y]".
std::string usage_text(const ScriptVerb& verb);
/// The Markdown table of all forms, as gui/driver/README.md has it.
std::string verb_table();

// The parts of script_verbs, a file each.
std::vector<ScriptVerb> run_verbs();
std::vector<ScriptVerb> hand_verbs();
std::vector<ScriptVerb> expectation_verbs();

}  // namespace sketchscope
