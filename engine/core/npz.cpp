#include "engine/core/npz.hpp"

#include <zip.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <memory>
#include <optional>

#include "engine/core/error.hpp"

namespace sketchscope::core {
namespace {

constexpr std::string_view kMagic("\x93NUMPY\x01\x00", 8);
constexpr std::size_t kPrelude = kMagic.size() + 2;  // with the two bytes of the header's length
constexpr std::size_t kAlignment = 64;

std::string shape_text(std::span<const std::size_t> shape) {
  std::string text = "(";
  for (const std::size_t size : shape) text += std::to_string(size) + ", ";
  return text + ")";
}

Error damaged(const std::string& source, const std::string& found, const std::string& expected) {
  return Error({.what = "array " + source + " is damaged",
                .found = found,
                .expected = expected,
                .remedy = "Save or copy the file again"});
}

/// Returns the text between `'key': ` and `end`.
std::string_view field(std::string_view header, std::string_view key, char end) {
  const std::string quoted = "'" + std::string(key) + "': ";
  const std::size_t at = header.find(quoted);
  if (at == std::string_view::npos) return {};
  const std::size_t from = at + quoted.size();
  return header.substr(from, header.find(end, from) - from);
}

/// Appends the numbers of a text such as "(3, 4"; returns false where it holds anything else.
bool parse_shape(std::string_view text, std::vector<std::size_t>& shape) {
  if (text.empty() || text.front() != '(') return false;
  text.remove_prefix(1);
  while (!text.empty()) {
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    if (error != std::errc()) return text.find_first_not_of(" ,") == std::string_view::npos;
    shape.push_back(size);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const std::size_t next = text.find_first_not_of(" ,");
    text.remove_prefix(next == std::string_view::npos ? text.size() : next);
  }
  return true;
}

/// Returns the product of the extents, or the largest std::size_t where it would overflow.
std::size_t count_of(const std::vector<std::size_t>& shape) {
  std::size_t count = 1;
  for (const std::size_t size : shape) {
    if (__builtin_mul_overflow(count, size, &count)) return std::numeric_limits<std::size_t>::max();
  }
  return count;
}

}  // namespace

std::string npy_header(std::string_view type, std::span<const std::size_t> shape) {
  std::string words = "{'descr': '" + std::string(type) +
                      "', 'fortran_order': False, 'shape': " + shape_text(shape) + ", }";
  const std::size_t unpadded = kPrelude + words.size() + 1;
  words.append((kAlignment - unpadded % kAlignment) % kAlignment, ' ');
  words += '\n';
  std::string header(kMagic);
  header += static_cast<char>(words.size() & 0xFFU);
  header += static_cast<char>(words.size() >> 8U);
  return header + words;
}

NpyContent read_npy_header(std::string_view file, std::string_view type, std::size_t width,
                           const std::string& source) {
  if (!file.starts_with(kMagic) || file.size() < kPrelude) {
    throw damaged(source, "another beginning", "an NPY file, version 1.0");
  }
  const std::size_t length = static_cast<std::uint8_t>(file[kMagic.size()]) +
                             256U * static_cast<std::uint8_t>(file[kMagic.size() + 1]);
  if (file.size() < kPrelude + length) throw damaged(source, "half a header", "a whole one");
  const std::string_view header = file.substr(kPrelude, length);
  NpyContent content{{}, file.substr(kPrelude + length)};
  const std::string_view found = field(header, "descr", ',');
  if (found != "'" + std::string(type) + "'") {
    throw damaged(source, "numbers of type " + std::string(found), "of type " + std::string(type));
  }
  if (field(header, "fortran_order", ',') != "False" ||
      !parse_shape(field(header, "shape", ')'), content.shape)) {
    throw damaged(source, std::string(header), "a shape, in C order");
  }
  if (content.bytes.size() % width != 0 ||
      content.bytes.size() / width != count_of(content.shape)) {
    throw damaged(source, std::to_string(content.bytes.size()) + " bytes",
                  shape_text(content.shape) + " numbers of " + std::to_string(width) + " bytes");
  }
  return content;
}

namespace {

struct DiscardArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseFile {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};
struct FreeSource {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
using Archive = std::unique_ptr<zip_t, DiscardArchive>;
using Source = std::unique_ptr<zip_source_t, FreeSource>;

std::string words(zip_error_t& error) {
  std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  return text;
}

Error not_written(const std::string& why) {
  return Error({.what = "zip archive cannot be made",
                .found = why,
                .expected = "enough memory",
                .remedy = "Close other programs and try again"});
}

Error damaged(const std::string& source, const std::string& why) {
  return Error({.what = source + " is damaged",
                .found = why,
                .expected = "a complete zip archive",
                .remedy = "Save or copy the file again"});
}

/// Makes a source over `bytes`, which must outlive it. Returns null where memory is short.
Source source_over(std::string_view bytes) {
  zip_error_t error;
  zip_error_init(&error);
  return Source(zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error));
}

/// Opens an archive over `source`, whose ownership it takes where it succeeds.
Archive open_archive(Source& source, int flags, std::string& why) {
  zip_error_t error;
  zip_error_init(&error);
  Archive archive(zip_open_from_source(source.get(), flags, &error));
  if (archive) static_cast<void>(source.release());
  if (!archive) why = words(error);
  return archive;
}

/// Returns the content of a file of `size` bytes; nullopt where it is damaged or of another size.
/// Takes memory for what unpacks, not for what the archive claims.
std::optional<std::string> unpacked(zip_file_t* file, std::size_t size) {
  constexpr std::size_t kPortion = std::size_t{1} << 20U;
  std::string content;
  while (content.size() < size) {
    const std::size_t before = content.size();
    const std::size_t portion = std::min(kPortion, size - before);
    content.resize(before + portion);
    if (zip_fread(file, content.data() + before, portion) != static_cast<zip_int64_t>(portion)) {
      return std::nullopt;
    }
  }
  // Reading one byte beyond the end makes libzip compare the checksum.
  char beyond = 0;
  return zip_fread(file, &beyond, 1) == 0 ? std::optional(std::move(content)) : std::nullopt;
}

std::string whole_content(zip_source_t* source) {
  if (zip_source_open(source) != 0) throw not_written("nothing was written");
  zip_source_seek(source, 0, SEEK_END);
  std::string bytes(static_cast<std::size_t>(zip_source_tell(source)), '\0');
  zip_source_seek(source, 0, SEEK_SET);
  const bool complete =
      zip_source_read(source, bytes.data(), bytes.size()) == static_cast<zip_int64_t>(bytes.size());
  zip_source_close(source);
  if (!complete) throw not_written("it cannot be read back");
  return bytes;
}

}  // namespace

std::string zip(const ZipFiles& files) {
  Source archived = source_over({});
  if (!archived) throw not_written("no memory");
  zip_source_keep(archived.get());  // closing the archive gives one of the two holds back
  const Source content(archived.get());
  std::string why;
  Archive archive = open_archive(archived, ZIP_TRUNCATE, why);
  if (!archive) throw not_written(why);
  for (const auto& [name, bytes] : files) {
    zip_source_t* file = zip_source_buffer(archive.get(), bytes.data(), bytes.size(), 0);
    const zip_int64_t index =
        file == nullptr ? -1 : zip_file_add(archive.get(), name.c_str(), file, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
      zip_source_free(file);
      throw not_written(zip_strerror(archive.get()));
    }
    // The date is fixed so that equal runs give equal files.
    zip_file_set_dostime(archive.get(), static_cast<zip_uint64_t>(index), 0, (1 << 5) | 1, 0);
    zip_set_file_compression(archive.get(), static_cast<zip_uint64_t>(index), ZIP_CM_DEFLATE, 1);
  }
  if (zip_close(archive.get()) != 0) throw not_written(zip_strerror(archive.get()));
  static_cast<void>(archive.release());
  return whole_content(content.get());
}

ZipFiles unzip(std::string_view bytes, const std::string& source, std::size_t limit) {
  if (bytes.empty()) throw damaged(source, "no bytes");
  Source opened = source_over(bytes);
  std::string why = "no memory";
  const Archive archive = opened ? open_archive(opened, ZIP_RDONLY | ZIP_CHECKCONS, why) : nullptr;
  if (!archive) throw damaged(source, why);
  ZipFiles files;
  std::size_t total = 0;
  const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
  for (zip_uint64_t index = 0; index < static_cast<zip_uint64_t>(count); ++index) {
    zip_stat_t facts;
    if (zip_stat_index(archive.get(), index, 0, &facts) != 0) {
      throw damaged(source, zip_strerror(archive.get()));
    }
    if (facts.size > limit - total) throw damaged(source, "it unpacks to too many bytes");
    total += facts.size;
    const std::unique_ptr<zip_file_t, CloseFile> file(zip_fopen_index(archive.get(), index, 0));
    std::optional<std::string> content = file ? unpacked(file.get(), facts.size) : std::nullopt;
    if (!content) throw damaged(source, std::string("entry ") + facts.name + " does not unpack");
    files.emplace(facts.name, *std::move(content));
  }
  return files;
}

}  // namespace sketchscope::core
