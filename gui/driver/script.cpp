#include "gui/driver/script.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <sstream>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"

namespace sketchscope {
namespace {

constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();

UsageError mistake(int number, const std::string& found, const std::string& expected) {
  return UsageError(
      {.what = "script line " + std::to_string(number), .found = found, .expected = expected});
}

/// Words apart by spaces; a quoted one may hold spaces, and \n and \" as in C.
std::vector<std::string> split_words(std::string_view text, int number) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] == ' ' || text[at] == '\t' || text[at] == '\r') {
      ++at;
    } else if (text[at] == '#') {
      break;
    } else if (text[at] == '"') {
      std::string word;
      for (++at; at < text.size() && text[at] != '"'; ++at) {
        const bool escape = text[at] == '\\' && at + 1 < text.size();
        if (escape) ++at;
        word += escape && text[at] == 'n' ? '\n' : text[at];
      }
      if (at == text.size()) throw mistake(number, std::string(text), "a closing quote");
      ++at;
      words.push_back(std::move(word));
    } else {
      const std::size_t end = std::min(text.find_first_of(" \t\r", at), text.size());
      words.emplace_back(text.substr(at, end - at));
      at = end;
    }
  }
  return words;
}

void check_words(const ScriptLine& line) {
  const auto& verbs = script_verbs();
  const auto verb = std::ranges::find(verbs, line.verb(), &ScriptVerb::name);
  if (verb == verbs.end()) {
    std::vector<std::string_view> names;
    for (const auto& known : verbs) names.push_back(known.name);
    throw mistake(line.number, "'" + line.verb() + "'",
                  "a verb, nearest: " + join(nearest(line.verb(), names)));
  }
  const std::size_t count = line.words.size() - 1;
  if (count < verb->least || count > verb->most) {
    throw mistake(line.number, "'" + line.text + "'",
                  std::string(verb->name) + " " + std::string(verb->arguments));
  }
}

class Parser {
 public:
  explicit Parser(std::string_view text) : stream_{std::string(text)} {}

  /// Lines up to the end of the file, or to the `end` of the repetition that began at `opened`.
  std::vector<ScriptLine> block(std::optional<int> opened) {
    std::vector<ScriptLine> lines;
    for (std::string text; std::getline(stream_, text);) {
      text.erase(0, text.find_first_not_of(" \t"));
      ScriptLine line{.number = ++number_, .text = text, .words = split_words(text, number_)};
      if (line.words.empty()) continue;
      check_words(line);
      if (line.verb() == "end") {
        if (!opened) throw mistake(number_, "'end'", "a 'repeat' before it");
        return lines;
      }
      if (line.verb() == "repeat") {
        line.times = script_number(line, line.words[1], 1);
        line.body = block(line.number);
      }
      lines.push_back(std::move(line));
    }
    if (opened) throw mistake(*opened, "'repeat'", "an 'end' after it");
    return lines;
  }

 private:
  std::istringstream stream_;
  int number_ = 0;
};

}  // namespace

const std::vector<ScriptVerb>& script_verbs() {
  static const std::vector<ScriptVerb> verbs = {
      {"test", "NAME", 1, kAny, "names the lines that follow, up to the next test"},
      {"timeout", "SECONDS", 1, 1, "how long a wait may take (30)"},
      {"wait", "step N | steps N | state PHASE | idle | opened", 1, 2,
       "draws frames until it is so"},
      {"open", "PATH", 1, 1, "opens a model, a run, a text or a study"},
      {"drop", "PATH", 1, 1, "lets it fall on the window"},
      {"until", "BREAKPOINT", 1, 2, "generates until it happens: step 200, eviction, kl 0.5"},
      {"prompt", "TEXT", 1, 1, "begins a new run from it"},
      {"advance", "N", 1, 1, "makes exactly N steps, then pauses"},
      {"set", "KNOB VALUE", 2, 2, "sends a knob's new value"},
      {"turn", "KNOB", 1, 1, "sets a knob to the next of a series of values over its range"},
      {"drag", "ITEM VALUE", 2, 2, "moves a slider with the mouse until it reaches the value"},
      {"click", "ACTION | ITEM [X Y]", 1, 3,
       "runs an action, or presses the mouse on an item, at a share of its size"},
      {"hover", "ITEM [X Y]", 1, 3, "rests the mouse on an item, at a share of its size"},
      {"sweep", "ITEM X1 Y1 X2 Y2", 5, 5, "drags the mouse from one share of its size to another"},
      {"scroll", "ITEM NOTCHES [X Y]", 2, 4, "turns the wheel over an item; up where above 0"},
      {"type", "TEXT", 1, 1, "types into the widget that has the keyboard"},
      {"key", "CHORD", 1, 3, "presses a key: Ctrl P"},
      {"speed", "TOKENS_PER_SECOND", 1, 1, "0 is unlimited"},
      {"expect",
       "PATH OP VALUE [within N steps] | change KNOB within N steps | text PANEL contains WORDS | "
       "item PATH shown | picture ITEM == FILE",
       3, 6, "fails unless it is so"},
      {"screenshot", "FILE [ITEM]", 1, 2, "writes the window, or an item alone, as PNG"},
      {"resize", "WIDTH HEIGHT", 2, 2, "of the window, in pixels"},
      {"frames", "N", 1, 1, "draws frames"},
      {"repeat", "N", 1, 1, "repeats the lines up to its end"},
      {"end", "", 0, 0, "of a repeat"},
  };
  return verbs;
}

std::vector<ScriptLine> parse_script(std::string_view text) {
  return Parser(text).block(std::nullopt);
}

int script_number(const ScriptLine& line, const std::string& word, int least) {
  const auto value = parse_number<int>(word);
  if (value && *value >= least) return *value;
  throw mistake(line.number, "'" + word + "'",
                "a whole number of at least " + std::to_string(least));
}

}  // namespace sketchscope
