#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "gui/driver/script.hpp"

namespace sketchscope {

class ScriptHand;

/// One form of a verb's statement.
struct VerbForm {
  std::string_view arguments;  ///< "ITEM [X Y]": brackets mark optional words, "…" repetition
  std::string_view help;       ///< description for the manual
};

/// The heading of a verb in gui/driver/README.md.
enum class VerbGroup : std::uint8_t { structure, run, hand, expectation };

/// A verb of the script language.
struct ScriptVerb {
  std::string_view name;
  VerbGroup group = VerbGroup::structure;
  std::vector<VerbForm> forms;
  /// Executes a line. Throws Error if it fails or its expectation is not met. Null for `test`,
  /// `repeat` and `end`, which control other lines.
  void (*run)(ScriptHand& hand, const ScriptLine& line) = nullptr;
};

/// Returns the whole language, for parser, runner, recorder and the table in gui/driver/README.md.
const std::vector<ScriptVerb>& script_verbs();
/// Returns the verb of a name; null if there is none.
const ScriptVerb* find_verb(std::string_view name);

/// The number of words that may follow a verb over all its forms.
struct WordCount {
  std::size_t least = 0;
  std::size_t most = 0;
};
WordCount word_count(const ScriptVerb& verb);

/// Returns all forms of a verb: "click ACTION | click ITEM [X Y]".
std::string usage_text(const ScriptVerb& verb);
/// Returns the Markdown table of all forms in gui/driver/README.md.
std::string verb_table();

// The parts of script_verbs(), each in its own file.
std::vector<ScriptVerb> run_verbs();
std::vector<ScriptVerb> hand_verbs();
std::vector<ScriptVerb> expectation_verbs();

}  // namespace sketchscope
