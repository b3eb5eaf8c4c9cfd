#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sketchscope {

/// One action of a script.
struct ScriptLine {
  int number = 0;  ///< in the file, from 1
  std::string text;
  std::vector<std::string> words;  ///< verb first; "quoted words" are one word
  int times = 1;                   ///< of a `repeat`
  std::vector<ScriptLine> body;    ///< of a `repeat`

  [[nodiscard]] const std::string& verb() const { return words.front(); }
};

/// A verb of the script language and the words that may follow it.
struct ScriptVerb {
  std::string_view name;
  std::string_view arguments;  ///< as the help shows them
  std::size_t least = 0;
  std::size_t most = 0;
  std::string_view help;
};

/// The whole language; gui/driver/README.md says more.
const std::vector<ScriptVerb>& script_verbs();

/// Reads a script. Throws UsageError naming the line: an unknown verb (with the nearest ones), a
/// wrong number of words, a `repeat` without its `end`.
std::vector<ScriptLine> parse_script(std::string_view text);

/// A whole number of at least `least` in a script. Throws UsageError naming the line.
int script_number(const ScriptLine& line, const std::string& word, int least);

}  // namespace sketchscope
