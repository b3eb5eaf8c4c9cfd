#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/study/key_store.hpp"

namespace sketchscope {

/// A key store that one process serves and others reach over TCP: LibTorch's TCPStore.
struct TcpKeyStore {
  std::unique_ptr<KeyStore> store;
  std::uint16_t port = 0;
};

/// Serves on `port`, or on a free one where it is 0. Throws Error where it is taken.
TcpKeyStore serve_key_store(std::uint16_t port);
/// Waits up to a minute for the server to come up. Throws Error naming the address.
TcpKeyStore join_key_store(const std::string& host, std::uint16_t port);

}  // namespace sketchscope
