#include "engine/checkpoint/foreign_file.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "engine/core/error.hpp"

namespace sketchscope::checkpoint {
namespace {

using std::string_view_literals::operator""sv;

/// What begins with these bytes, from `offset` on, and what to do about it.
struct Signature {
  std::string_view first;
  std::string_view kind;
  std::string_view remedy;
  std::size_t offset = 0;
};

constexpr std::string_view kFetchLfs =
    "fetch the file itself: git lfs pull, or hf download in place of git clone";
constexpr std::string_view kFetchAnnex = "fetch the file itself: git annex get";
constexpr std::string_view kFetchAgain =
    "fetch the file again: a server sent an answer of its own, such as a refusal or a login page";
constexpr std::string_view kUnpack = "unpack it, and give what it holds this name";
constexpr std::string_view kRenamePickle = "rename it to pytorch_model.bin";
constexpr std::string_view kRenameZip =
    "rename it to pytorch_model.bin if torch.save wrote it, else unpack it";
constexpr std::string_view kConvert = "convert the weights to model.safetensors";

constexpr std::array<Signature, 22> kSignatures = {{
    {"version https://git-lfs"sv, "a Git LFS pointer, not the file that it stands for", kFetchLfs},
    {"version https://hawser"sv, "a Git LFS pointer, not the file that it stands for", kFetchLfs},
    {"/annex/objects/"sv, "a git-annex pointer, not the file that it stands for", kFetchAnnex},
    {"\x1F\x8B"sv, "a file packed by gzip", kUnpack},
    {"BZh"sv, "a file packed by bzip2", kUnpack},
    {"\xFD"
     "7zXZ"sv,
     "a file packed by xz", kUnpack},
    {"\x28\xB5\x2F\xFD"sv, "a file packed by zstd", kUnpack},
    {"\x04\x22\x4D\x18"sv, "a file packed by lz4", kUnpack},
    {"7z\xBC\xAF\x27\x1C"sv, "a 7-Zip archive", kUnpack},
    {"Rar!\x1A\x07"sv, "a RAR archive", kUnpack},
    {"ustar"sv, "a tar archive", kUnpack, 257},
    {"PK\x03\x04"sv, "a zip archive, as torch.save writes it", kRenameZip},
    {"PK\x05\x06"sv, "an empty zip archive", "fetch the file again"},
    {"\x80\x02"sv, "a pickle, as torch.save writes it", kRenamePickle},
    {"\x80\x03"sv, "a pickle, as torch.save writes it", kRenamePickle},
    {"\x80\x04"sv, "a pickle, as torch.save writes it", kRenamePickle},
    {"\x80\x05"sv, "a pickle, as torch.save writes it", kRenamePickle},
    {"GGUF"sv, "a GGUF file", "give it a name that ends with .gguf"},
    {"ggml"sv, "a GGML file, the forerunner of GGUF", kConvert},
    {"\x89HDF\r\n\x1A\n"sv, "an HDF5 file, as TensorFlow writes weights", kConvert},
    {"\x93NUMPY"sv, "a NumPy array", kConvert},
    {"%PDF-"sv, "a PDF document", "fetch the file again"},
}};

std::string_view text_of_start(std::span<const std::byte> bytes) {
  constexpr std::size_t kStart = 512;
  return {reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), kStart)};
}

bool is_text(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 || byte == '\t' || byte == '\r' || byte == '\n';
  });
}

/// Returns the first line of a text, cut to what a message bears.
std::string first_line(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  return std::string(line.substr(0, kLongest)) + (line.size() > kLongest ? "…" : "");
}

/// Says what kind of text this is; empty where it is no text.
std::string text_kind(std::string_view start) {
  const std::string_view text = without_blanks(start);
  if (text.empty() || !is_text(text)) return {};
  std::string lower(text.substr(0, 16));
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  if (lower.starts_with("<!doctype html") || lower.starts_with("<html") ||
      lower.starts_with("<head") || lower.starts_with("<body") || lower.starts_with("<!--")) {
    return "a web page (HTML)";
  }
  if (text.starts_with('<')) return "an XML text that begins with '" + first_line(text) + "'";
  if (text.starts_with('{') || text.starts_with('[')) {
    return "a JSON text that begins with '" + first_line(text) + "'";
  }
  return "a text that begins with '" + first_line(text) + "'";
}

/// Whether a JSON object of the length that the first 8 bytes give follows them.
bool is_safetensors(std::span<const std::byte> bytes) {
  std::uint64_t length = 0;
  if (bytes.size() <= sizeof length || bytes[sizeof length] != std::byte{'{'}) return false;
  std::memcpy(&length, bytes.data(), sizeof length);
  return length <= bytes.size() - sizeof length;
}

[[noreturn]] void refuse_as(std::string_view kind, std::string_view remedy,
                            const std::string& source, const std::string& expected) {
  throw core::Error({.what = source + " is not what its name says",
                     .found = std::string(kind),
                     .expected = expected,
                     .remedy = std::string(remedy)});
}

}  // namespace

std::string_view without_blanks(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

void refuse_foreign(std::span<const std::byte> bytes, const std::string& source,
                    const std::string& expected) {
  const std::string_view start = text_of_start(bytes);
  const auto* const known = std::ranges::find_if(kSignatures, [&](const Signature& signature) {
    return start.size() > signature.offset &&
           start.substr(signature.offset).starts_with(signature.first);
  });
  if (known != kSignatures.end()) refuse_as(known->kind, known->remedy, source, expected);
  if (is_safetensors(bytes)) {
    refuse_as("a safetensors file", "rename it to model.safetensors", source, expected);
  }
  const std::string text = text_kind(start);
  if (!text.empty()) refuse_as(text, kFetchAgain, source, expected);
}

}  // namespace sketchscope::checkpoint
