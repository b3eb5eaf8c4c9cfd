#pragma once

#include <streambuf>
#include <vector>

namespace sketchscope::core {

/// The buffer of a stream that writes into an open file. Unlike the standard library's it keeps why
/// a write failed, and writes nothing after that.
class DescriptorBuffer final : public std::streambuf {
 public:
  /// The descriptor stays the caller's and must be open for as long as something is written.
  explicit DescriptorBuffer(int descriptor);

  /// Writes what is still buffered. Returns 0, or the value of errno at the first failure.
  int flush();

 protected:
  int_type overflow(int_type character) override;
  std::streamsize xsputn(const char* bytes, std::streamsize count) override;
  int sync() override;

 private:
  /// Writes the bytes with as many calls as it takes, or keeps the errno of the first failure.
  void write_all(const char* bytes, std::size_t count);

  int descriptor_;
  int error_ = 0;  // errno of the first failure; 0 before one
  std::vector<char> buffer_;
};

}  // namespace sketchscope::core
