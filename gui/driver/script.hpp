#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sketchscope::driver {

class ScriptedUser;

/// One statement of a script.
struct ScriptLine {
  int number = 0;  ///< line number from 1
  std::string text;
  std::vector<std::string> words;     ///< verb first; "quoted words" are one word
  std::set<std::size_t> quoted = {};  ///< indices of quoted words
  int times = 1;                      ///< repetitions of a `repeat`
  std::vector<ScriptLine> body = {};  ///< lines of a `repeat`

  [[nodiscard]] const std::string& verb() const { return words.front(); }
};

/// Parses a script. Throws UsageError that names the line on an unknown verb (with the nearest
/// ones), a wrong number of words, or a `repeat` without `end`.
std::vector<ScriptLine> parse_script(std::string_view text);

/// Parses an integer of at least `least`. Throws UsageError that names the line.
int script_number(const ScriptLine& line, const std::string& word, int least);

/// Returns a text as a word of a script, quoted if necessary.
std::string script_word(std::string_view text);

/// Returns a statement that parse_script() parses as these words. Throws UsageError if it would
/// refuse them.
std::string script_statement(std::string_view verb, const std::vector<std::string>& words);

/// One form of a verb's statement.
struct VerbForm {
  std::string_view arguments;  ///< "ITEM [X Y]": brackets mark optional words, "…" repetition
  std::string_view help;       ///< description for the manual
};

/// A verb of the script language.
struct ScriptVerb {
  std::string_view name;
  std::vector<VerbForm> forms;
  /// Executes a line. Throws Error if it fails or its expectation is not met. Null for `test`,
  /// `repeat` and `end`, which control other lines.
  void (*run)(ScriptedUser& user, const ScriptLine& line) = nullptr;
  std::string_view heading = {};  ///< heading above it in docs/scripts.md
};

/// Returns the whole language, for parser, runner, recorder and the table in docs/scripts.md.
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
/// Returns the Markdown table of all forms in docs/scripts.md.
std::string verb_table();

// The parts of script_verbs(), whose headings it sets, each in its own file.
std::vector<ScriptVerb> run_verbs();
std::vector<ScriptVerb> input_verbs();
std::vector<ScriptVerb> expectation_verbs();

}  // namespace sketchscope::driver
