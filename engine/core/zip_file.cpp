#include "engine/core/zip_file.hpp"

#include <zip.h>

#include <memory>

#include "engine/core/error.hpp"

namespace sketchscope {
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
    std::string content(facts.size, '\0');
    // Reading one byte beyond the end makes libzip compare the checksum.
    char beyond = 0;
    if (!file ||
        zip_fread(file.get(), content.data(), content.size()) !=
            static_cast<zip_int64_t>(content.size()) ||
        zip_fread(file.get(), &beyond, 1) != 0) {
      throw damaged(source, std::string("entry ") + facts.name + " does not unpack");
    }
    files.emplace(facts.name, std::move(content));
  }
  return files;
}

}  // namespace sketchscope
