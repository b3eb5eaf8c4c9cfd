#include "engine/core/descriptor_buffer.hpp"

#include <unistd.h>

#include <cerrno>

namespace sketchscope::core {
namespace {

constexpr std::size_t kBufferBytes = 1 << 16;

}  // namespace

DescriptorBuffer::DescriptorBuffer(int descriptor)
    : descriptor_(descriptor), buffer_(kBufferBytes) {
  setp(buffer_.data(), buffer_.data() + buffer_.size());
}

int DescriptorBuffer::flush() {
  write_all(pbase(), static_cast<std::size_t>(pptr() - pbase()));
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  return error_;
}

DescriptorBuffer::int_type DescriptorBuffer::overflow(int_type character) {
  if (flush() != 0) return traits_type::eof();
  if (traits_type::eq_int_type(character, traits_type::eof())) return traits_type::not_eof(0);
  sputc(traits_type::to_char_type(character));
  return character;
}

std::streamsize DescriptorBuffer::xsputn(const char* bytes, std::streamsize count) {
  // Bytes that would fill the buffer go past it, so that they are not copied.
  if (count < epptr() - pptr()) return std::streambuf::xsputn(bytes, count);
  if (flush() != 0) return 0;
  write_all(bytes, static_cast<std::size_t>(count));
  return error_ == 0 ? count : 0;
}

int DescriptorBuffer::sync() {
  return flush() == 0 ? 0 : -1;
}

void DescriptorBuffer::write_all(const char* bytes, std::size_t count) {
  while (count > 0 && error_ == 0) {
    const ssize_t written = ::write(descriptor_, bytes, count);
    if (written < 0) {
      if (errno != EINTR) error_ = errno;
      continue;
    }
    bytes += written;
    count -= static_cast<std::size_t>(written);
  }
}

}  // namespace sketchscope::core
