#if canImport(Wire)
internal import Wire
#endif

/// A message about files: of the data channel `files`, and of the desk process's link for them.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |     type      |    detail     |           transfer            |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
public enum FileMessage: Hashable, Sendable {
    /// Numbers a transfer among those of whoever asked for it.
    public typealias Transfer = UInt16

    /// 0x70: a file is to be put on the desk.
    case put(Transfer, Put)
    /// 0x71: u64 offset: the desk has so much of it already, and takes the rest.
    case ready(Transfer, UInt64)
    /// 0x72: u64 offset, u32 the sender's clock in microseconds, then 1 to ``maximumPieceLength`` bytes.
    case piece(Transfer, offset: UInt64, stamp: UInt32, [UInt8])
    /// 0x73: u64 bytes that have come; u32 the receiver's clock less the stamp of the last piece.
    case received(Transfer, UInt64, delay: UInt32)
    /// 0x74: u64 where a block ends, 32 bytes: its digest.
    case block(Transfer, end: UInt64, FileDigest)
    /// 0x75: u64 offset: all up to there is kept; detail 1: what came after it is to be sent again.
    case confirmed(Transfer, UInt64, isAgain: Bool)
    /// 0x76: u64 size, 32 bytes: the file's digest.
    case end(Transfer, size: UInt64, FileDigest)
    /// 0x77: the detail is the outcome; then the name that a file was given, if any.
    case outcome(Transfer, FileOutcome, name: String)
    /// 0x78: detail 1: the list of files is wanted from now on; 0: it is not any more.
    case watch(Bool)
    /// 0x79: the detail says what follows; a part of the list of files.
    case listing(FileListing)
    /// 0x7a: asks for a file.
    case take(Transfer, Take)
    /// 0x7b: u64 size, u64 version, u64 offset, then the name: pieces follow, from the offset on.
    case file(Transfer, size: UInt64, version: UInt64, offset: UInt64, name: String)
    /// 0x7c: u64 person, then the name of the file that is offered to them.
    case hand(person: UInt64, name: String)
    /// 0x7d: the detail says what became of an offer: u32 offer, u64 person, name.
    case handed(HandedFile)
    /// 0x7e: the transfer is not wanted any more; detail 1: for now.
    case cancel(Transfer, isForNow: Bool)
    /// 0x7f, detail 0, room → desk: u8 directions, u64 most bytes of a file, u64 of all.
    case policy(FilePolicy)
    /// 0x7f, detail 1, room → desk: u16 x, u16 y, name: the file is to be dropped there.
    case drop(Transfer, x: UInt16, y: UInt16, name: String)
    /// 0x7f, detail 2, desk → room: u8: 1 if the application has taken it.
    case dropped(Transfer, Bool)

    /// What is known of a file that is to come.
    public struct Put: Hashable, Sendable {
        public var size: UInt64
        public var key: FileKey
        /// Where on the desk it was dropped, and under which lease; 0 if nowhere.
        public var lease: LeaseID
        public var x: UInt16
        public var y: UInt16
        /// As the browser tells it: UTF-8, 1 to 1,024 bytes.
        public var name: String

        public init(
            size: UInt64,
            key: FileKey,
            lease: LeaseID = LeaseID(0),
            x: UInt16 = 0,
            y: UInt16 = 0,
            name: String
        ) {
            self.size = size
            self.key = key
            self.lease = lease
            self.x = x
            self.y = y
            self.name = name
        }
    }

    /// Which file is wanted, and from where on.
    public struct Take: Hashable, Sendable {
        /// Of which the first part has come already; 0: any.
        public var version: UInt64
        public var offset: UInt64
        /// By which the person may have it; 0: by their right.
        public var offer: UInt32
        /// Empty with an offer.
        public var name: String

        public init(version: UInt64 = 0, offset: UInt64 = 0, offer: UInt32 = 0, name: String = "") {
            self.version = version
            self.offset = offset
            self.offer = offer
            self.name = name
        }
    }

    /// Bytes of content in one piece, so that a message has 16 KiB, which every browser takes.
    public static let maximumPieceLength = 16_384 - 16
    /// Bytes.
    public static let maximumLength = 16_384
    static let longestPutName = 1_024
}

/// What became of a file that somebody was to be given.
public struct HandedFile: Hashable, Sendable {
    public enum Step: UInt8, CaseIterable, Hashable, Sendable {
        case declined = 0
        case taken = 1
        case offered = 2
        /// It cannot be offered, or not any more.
        case impossible = 3
    }

    public var step: Step
    public var offer: UInt32
    public var person: UInt64
    public var name: String

    public init(_ step: Step, offer: UInt32, person: UInt64 = 0, name: String = "") {
        self.step = step
        self.offer = offer
        self.person = person
        self.name = name
    }
}
