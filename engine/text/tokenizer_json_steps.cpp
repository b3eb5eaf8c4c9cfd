#include "engine/text/tokenizer_json_steps.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/text/pattern_dialect.hpp"
#include "engine/text/pre_tokenizer.hpp"
#include "engine/text/tokenizer_json_fields.hpp"

namespace sketchscope::text {
namespace {

void add_normalizer(const JsonStep& step, std::vector<NormalizerStep>& steps) {
  constexpr std::array<std::pair<std::string_view, NormalForm>, 4> kForms{
      {{"NFC", NormalForm::nfc},
       {"NFD", NormalForm::nfd},
       {"NFKC", NormalForm::nfkc},
       {"NFKD", NormalForm::nfkd}}};
  const std::string& type = step.type();
  const auto* form = std::ranges::find(kForms, type, [](const auto& pair) { return pair.first; });
  if (form != kForms.end()) {
    steps.push_back(normal_form_step(form->second));
  } else if (type == "Sequence") {
    step.for_each("normalizers", [&](const JsonStep& inner) { add_normalizer(inner, steps); });
  } else if (type == "Prepend") {
    steps.push_back(prepend_step(step.text("prepend", "")));
  } else if (type == "Replace") {
    const std::string from = step.literal("pattern");
    const std::string to = step.text("content", "");
    steps.push_back(from.empty() ? replace_pattern_step(step.pattern("pattern"), to)
                                 : replace_step(from, to));
  } else if (type == "Lowercase") {
    steps.push_back(lowercase_step());
  } else if (type == "StripAccents") {
    steps.push_back(strip_accents_step());
  } else if (type == "Strip") {
    steps.push_back(strip_step(step.flag("strip_left", true), step.flag("strip_right", true)));
  } else if (type == "ByteLevel") {
    steps.push_back(printable_step());
  } else {
    step.refuse("type",
                "NFC, NFD, NFKC, NFKD, Sequence, Prepend, Replace, Lowercase, StripAccents, Strip "
                "or ByteLevel");
  }
}

/// The steps of a pre-tokenizer. Whether bytes are to be written as printable characters is open
/// until another step follows; if none does, the model takes the bytes themselves.
class PreTokenizerReader {
 public:
  void add(const JsonStep& step) {
    const std::string& type = step.type();
    if (type == "Sequence") {
      step.for_each("pretokenizers", [this](const JsonStep& inner) { add(inner); });
    } else if (type == "ByteLevel") {
      if (step.flag("add_prefix_space", false)) push(prefix_space_step());
      if (step.flag("use_regex", true)) {
        push(split_at_pattern(TextPattern(gpt2_pattern(), "GPT-2"), MatchPlace::isolated));
      }
      write_printable();
      bytes_last_ = true;
    } else if (type == "Metaspace") {
      push(metaspace_step(metaspace_options(step)));
    } else {
      push(cutting_step(step));
    }
  }

  [[nodiscard]] bool bytes_last() const { return bytes_last_; }
  [[nodiscard]] std::vector<PreTokenStep> take_steps() { return std::move(steps_); }

 private:
  void write_printable() {
    if (bytes_last_) steps_.push_back(printable_bytes_step());
    bytes_last_ = false;
  }

  void push(PreTokenStep step) {
    write_printable();
    steps_.push_back(std::move(step));
  }

  static MetaspaceOptions metaspace_options(const JsonStep& step) {
    MetaspaceOptions options{.mark = step.text("replacement", "\xE2\x96\x81"),
                             .split = step.flag("split", true)};
    const bool prefix = step.flag("add_prefix_space", true);
    const std::string scheme = step.text("prepend_scheme", prefix ? "always" : "never");
    if (scheme != "always" && scheme != "first" && scheme != "never") {
      step.refuse("prepend_scheme", "always, first or never");
    }
    options.prepend = scheme == "always"  ? PrependScheme::always
                      : scheme == "first" ? PrependScheme::first
                                          : PrependScheme::never;
    return options;
  }

  static MatchPlace place_of(const JsonStep& step, const std::string& fallback) {
    constexpr std::array<std::pair<std::string_view, MatchPlace>, 5> kPlaces{
        {{"Isolated", MatchPlace::isolated},
         {"Removed", MatchPlace::removed},
         {"MergedWithPrevious", MatchPlace::merged_with_previous},
         {"MergedWithNext", MatchPlace::merged_with_next},
         {"Contiguous", MatchPlace::contiguous}}};
    const std::string name = step.text("behavior", fallback);
    const auto* place =
        std::ranges::find(kPlaces, name, [](const auto& pair) { return pair.first; });
    if (place == kPlaces.end()) step.refuse("behavior", "one of Hugging Face's five");
    return place->second;
  }

  static PreTokenStep cutting_step(const JsonStep& step) {
    const std::string& type = step.type();
    const auto cut = [&](const std::string& pattern, MatchPlace place, bool invert = false) {
      return split_at_pattern(TextPattern(pattern, type), place, invert);
    };
    const std::string word = word_characters();
    if (type == "Split") {
      return split_at_pattern(step.pattern("pattern"), place_of(step, ""),
                              step.flag("invert", false));
    }
    if (type == "Digits") {
      const bool alone = step.flag("individual_digits", false);
      return cut(R"(\p{N})", alone ? MatchPlace::isolated : MatchPlace::contiguous);
    }
    if (type == "Punctuation") {
      return cut(R"([\p{P}$+<=>^`|~])", place_of(step, "Isolated"));
    }
    if (type == "Whitespace") {
      return cut("[" + word + "]+|[^\\s" + word + "]+", MatchPlace::removed, true);
    }
    if (type == "WhitespaceSplit") return cut(R"(\s)", MatchPlace::removed);
    if (type == "CharDelimiterSplit") {
      return cut(literal_pattern(step.text("delimiter", "")), MatchPlace::removed);
    }
    step.refuse("type",
                "ByteLevel, Split, Digits, Metaspace, Punctuation, Whitespace, WhitespaceSplit, "
                "CharDelimiterSplit or Sequence");
  }

  std::vector<PreTokenStep> steps_;
  bool bytes_last_ = false;
};

void add_decoder(const JsonStep& step, std::vector<DecoderStep>& steps) {
  const std::string& type = step.type();
  if (type == "Sequence") {
    step.for_each("decoders", [&](const JsonStep& inner) { add_decoder(inner, steps); });
  } else if (type == "ByteLevel") {
    steps.push_back(printable_decoder());
  } else if (type == "ByteFallback") {
    steps.push_back(byte_fallback_decoder());
  } else if (type == "Fuse") {
    steps.push_back(fuse_decoder());
  } else if (type == "Replace" && !step.literal("pattern").empty()) {
    steps.push_back(replace_decoder(step.literal("pattern"), step.text("content", "")));
  } else if (type == "Replace") {
    step.refuse("pattern", "a text");
  } else if (type == "Strip") {
    steps.push_back(
        strip_decoder(step.text("content", " "), step.count("start"), step.count("stop")));
  } else if (type == "Metaspace") {
    const bool prefix = step.flag("add_prefix_space", true);
    const bool never = step.text("prepend_scheme", prefix ? "always" : "never") == "never";
    steps.push_back(metaspace_decoder(step.text("replacement", "\xE2\x96\x81"), !never));
  } else if (type == "BPEDecoder") {
    steps.push_back(suffix_decoder(step.text("suffix", "</w>")));
  } else {
    step.refuse("type",
                "ByteLevel, ByteFallback, Fuse, Replace, Strip, Metaspace, BPEDecoder or Sequence");
  }
}

}  // namespace

void read_normalizer_json(const nlohmann::json& json, TokenizerParts& parts) {
  if (json.is_null()) return;
  add_normalizer(JsonStep(json, "normalizer", parts.source), parts.normalizer);
}

void read_pre_tokenizer_json(const nlohmann::json& json, TokenizerParts& parts) {
  if (json.is_null()) return;
  PreTokenizerReader reader;
  reader.add(JsonStep(json, "pre_tokenizer", parts.source));
  parts.options.byte_level = reader.bytes_last();
  parts.pre_tokenizer = reader.take_steps();
}

void read_decoder_json(const nlohmann::json& json, TokenizerParts& parts) {
  if (json.is_null()) {
    parts.decoder = {parts.options.byte_level ? printable_decoder() : spaced_decoder()};
    return;
  }
  add_decoder(JsonStep(json, "decoder", parts.source), parts.decoder);
}

}  // namespace sketchscope::text
