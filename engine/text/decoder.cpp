#include "engine/text/decoder.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "engine/text/byte_alphabet.hpp"
#include "engine/text/text_replace.hpp"
#include "engine/text/utf8.hpp"

namespace sketchscope::text {
namespace {

using Entries = std::vector<std::string>;

/// Returns the step that treats every token alike, wherever it stands.
DecoderStep for_each_token(std::function<std::string(std::string)> rewrite) {
  return {.of_sequence =
              [rewrite](Entries entries) {
                for (auto& entry : entries) entry = rewrite(std::move(entry));
                return entries;
              },
          .of_token = rewrite};
}

std::string joined(const Entries& entries) {
  std::string text;
  for (const auto& entry : entries) text += entry;
  return text;
}

std::string bytes_or_itself(std::string entry) {
  auto bytes = bytes_from_printable(entry);
  return bytes ? std::move(*bytes) : std::move(entry);
}

/// Returns the byte that an entry such as <0x0A> names.
std::optional<char> fallback_byte(std::string_view entry) {
  if (entry.size() != 6 || !entry.starts_with("<0x") || !entry.ends_with('>')) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(entry.data() + 3, entry.data() + 5, value, 16);
  if (error != std::errc() || end != entry.data() + 5 || value < 0) return std::nullopt;
  return static_cast<char>(value);
}

Entries without_fallback(Entries entries) {
  Entries result;
  std::string bytes;
  const auto end_run = [&] {
    if (utf8_run_length(bytes, true) == bytes.size()) {
      if (!bytes.empty()) result.push_back(bytes);
    } else {
      result.insert(result.end(), bytes.size(), "\xEF\xBF\xBD");
    }
    bytes.clear();
  };
  for (auto& entry : entries) {
    if (const auto byte = fallback_byte(entry)) {
      bytes += *byte;
    } else {
      end_run();
      result.push_back(std::move(entry));
    }
  }
  end_run();
  return result;
}

std::string stripped(std::string_view text, const std::string& character, int start, int stop) {
  for (int i = 0; i < start && text.starts_with(character); ++i) {
    text.remove_prefix(character.size());
  }
  for (int i = 0; i < stop && text.ends_with(character); ++i) {
    text.remove_suffix(character.size());
  }
  return std::string(text);
}

}  // namespace

DecoderStep printable_decoder() {
  return {.of_sequence =
              [](Entries entries) {
                for (auto& entry : entries) entry = bytes_or_itself(std::move(entry));
                return Entries{joined(entries)};
              },
          .of_token = bytes_or_itself};
}

DecoderStep byte_fallback_decoder() {
  return {.of_sequence = without_fallback, .of_token = [](std::string entry) {
            const auto byte = fallback_byte(entry);
            return byte ? std::string(1, *byte) : std::move(entry);
          }};
}

DecoderStep fuse_decoder() {
  return {.of_sequence = [](Entries entries) { return Entries{joined(entries)}; },
          .of_token = [](std::string entry) { return entry; }};
}

DecoderStep replace_decoder(std::string from, std::string to) {
  return for_each_token([from = std::move(from), to = std::move(to)](std::string entry) {
    return replaced_text(entry, from, to);
  });
}

DecoderStep strip_decoder(std::string character, int start, int stop) {
  return {.of_sequence =
              [=](Entries entries) {
                for (auto& entry : entries) entry = stripped(entry, character, start, stop);
                return entries;
              },
          .of_token = [](std::string entry) { return entry; }};
}

DecoderStep metaspace_decoder(std::string mark, bool drops_first) {
  return {.of_sequence =
              [=](Entries entries) {
                for (std::size_t i = 0; i < entries.size(); ++i) {
                  entries[i] = replaced_text(entries[i], mark, i == 0 && drops_first ? "" : " ");
                }
                return entries;
              },
          .of_token = [=](std::string entry) { return replaced_text(entry, mark, " "); }};
}

DecoderStep suffix_decoder(std::string suffix) {
  return {.of_sequence =
              [=](Entries entries) {
                for (std::size_t i = 0; i < entries.size(); ++i) {
                  entries[i] = replaced_text(entries[i], suffix, i + 1 < entries.size() ? " " : "");
                }
                return entries;
              },
          .of_token = [=](std::string entry) { return replaced_text(entry, suffix, " "); }};
}

DecoderStep spaced_decoder() {
  return {.of_sequence =
              [](Entries entries) {
                for (std::size_t i = 1; i < entries.size(); ++i) entries[i].insert(0, " ");
                return entries;
              },
          .of_token = [](std::string entry) { return " " + entry; }};
}

std::string decode_sequence(const std::vector<DecoderStep>& steps, Entries entries) {
  for (const auto& step : steps) entries = step.of_sequence(std::move(entries));
  return joined(entries);
}

std::string decode_token(const std::vector<DecoderStep>& steps, std::string entry) {
  for (const auto& step : steps) entry = step.of_token(std::move(entry));
  return entry;
}

}  // namespace sketchscope::text
