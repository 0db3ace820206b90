import FoundationEssentials
import Placement

func encoded(_ placement: Placement) throws -> Data { try JSONEncoder().encode(placement) }

func decoded(_ data: Data) throws -> Placement { try JSONDecoder().decode(Placement.self, from: data) }
