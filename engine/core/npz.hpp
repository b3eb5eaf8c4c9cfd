#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"

namespace sketchscope::core {

/// An array of numbers with its shape, in row-major order.
template <typename Number>
struct NpyArray {
  std::vector<std::size_t> shape;
  std::vector<Number> values;
};

/// Returns the NPY type code of a number type, such as "<f8" or "<i4".
template <typename Number>
constexpr const char* npy_type() {
  static_assert(std::endian::native == std::endian::little);
  if constexpr (std::same_as<Number, double>) return "<f8";
  if constexpr (std::same_as<Number, float>) return "<f4";
  if constexpr (std::same_as<Number, std::int64_t>) return "<i8";
  if constexpr (std::same_as<Number, std::int32_t>) return "<i4";
  if constexpr (std::same_as<Number, std::uint32_t>) return "<u4";
  if constexpr (std::same_as<Number, std::int8_t>) return "|i1";
  if constexpr (std::same_as<Number, std::uint8_t>) return "|u1";
}

/// Returns the header of an NPY file, version 1.0:
/// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
std::string npy_header(std::string_view type, std::span<const std::size_t> shape);

/// The parts of an NPY file: its shape, and the bytes of its elements.
struct NpyContent {
  std::vector<std::size_t> shape;
  std::string_view bytes;
};
/// Splits an NPY file whose elements have the type code `type` and `width` bytes each. Throws Error
/// naming `source` where the file is damaged or of another type.
NpyContent read_npy_header(std::string_view file, std::string_view type, std::size_t width,
                           const std::string& source);

/// Returns the bytes of an NPY file, which numpy.load reads.
template <typename Number>
std::string npy_file(std::span<const Number> values, std::span<const std::size_t> shape) {
  std::string file = npy_header(npy_type<Number>(), shape);
  const std::size_t header = file.size();
  file.resize(header + values.size_bytes());
  if (!values.empty()) std::memcpy(file.data() + header, values.data(), values.size_bytes());
  return file;
}

/// Reads an array back. Throws Error as read_npy_header() does.
template <typename Number>
NpyArray<Number> read_npy(std::string_view file, const std::string& source) {
  NpyContent content = read_npy_header(file, npy_type<Number>(), sizeof(Number), source);
  NpyArray<Number> array{std::move(content.shape), {}};
  array.values.resize(content.bytes.size() / sizeof(Number));
  if (!array.values.empty()) {
    std::memcpy(array.values.data(), content.bytes.data(), content.bytes.size());
  }
  return array;
}

/// The contents of the files in a zip archive, by name.
using ZipFiles = std::map<std::string, std::string>;

/// Returns a compressed zip archive of the files, each with a checksum.
std::string zip(const ZipFiles& files);

/// Returns the files of the archive `bytes`, which came from `source`. Throws Error naming it where
/// the archive is truncated or altered, or would unpack to more than `limit` bytes.
ZipFiles unzip(std::string_view bytes, const std::string& source,
               std::size_t limit = std::size_t{2} << 30U);

}  // namespace sketchscope::core
