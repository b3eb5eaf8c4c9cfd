#include "engine/text/byte_alphabet.hpp"

#include <array>
#include <cstdint>

namespace sketchscope::text {
namespace {

constexpr int kBytes = 256;
constexpr int kFirstStandIn = 0x100;
constexpr int kStandIns = 68;  // bytes that are not printable in Latin-1

constexpr bool stands_for_itself(int byte) {
  const bool printable_ascii = byte >= 0x21 && byte <= 0x7E;
  const bool printable_latin = byte >= 0xA1 && byte <= 0xFF && byte != 0xAD;
  return printable_ascii || printable_latin;
}

struct Alphabet {
  std::array<int, kBytes> code_of{};
  std::array<int, kFirstStandIn + kStandIns> byte_of{};
};

constexpr Alphabet make_alphabet() {
  Alphabet alphabet;
  alphabet.byte_of.fill(-1);
  int next_stand_in = kFirstStandIn;
  for (int byte = 0; byte < kBytes; ++byte) {
    const int code = stands_for_itself(byte) ? byte : next_stand_in++;
    alphabet.code_of[static_cast<std::size_t>(byte)] = code;
    alphabet.byte_of[static_cast<std::size_t>(code)] = byte;
  }
  return alphabet;
}

constexpr Alphabet kAlphabet = make_alphabet();

}  // namespace

std::optional<std::string> bytes_from_printable(std::string_view entry) {
  std::string bytes;
  for (std::size_t i = 0; i < entry.size(); ++i) {
    auto code = static_cast<std::uint8_t>(entry[i]) + std::size_t{0};
    if (code >= 0x80) {  // every character of the alphabet has at most two bytes of UTF-8
      const bool two_bytes = (code & 0xE0) == 0xC0 && i + 1 < entry.size();
      if (!two_bytes) {
        return std::nullopt;
      }
      code = (code & 0x1F) << 6 | (static_cast<std::uint8_t>(entry[++i]) & 0x3F);
    }
    if (code >= kAlphabet.byte_of.size() || kAlphabet.byte_of[code] < 0) {
      return std::nullopt;
    }
    bytes.push_back(static_cast<char>(kAlphabet.byte_of[code]));
  }
  return bytes;
}

std::string printable_from_bytes(std::string_view bytes) {
  std::string entry;
  for (const char byte : bytes) {
    const int code = kAlphabet.code_of[static_cast<std::uint8_t>(byte)];
    if (code < 0x80) {
      entry.push_back(static_cast<char>(code));
    } else {
      entry.push_back(static_cast<char>(0xC0 | code >> 6));
      entry.push_back(static_cast<char>(0x80 | (code & 0x3F)));
    }
  }
  return entry;
}

}  // namespace sketchscope::text
