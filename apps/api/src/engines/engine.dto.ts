/** Answer of `GET /api/engines`. */
import { ApiProperty } from '@nestjs/swagger';
import { engineIds, type EngineId } from '@urumi/shared/domain/engines/catalog';

export class EngineView {
  @ApiProperty({ enum: engineIds, enumName: 'EngineId' })
  id: EngineId;

  @ApiProperty()
  title: string;

  @ApiProperty()
  description: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Version of the application that new stores get, where known.',
  })
  version: string | null;

  @ApiProperty()
  available: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'Why not, in a sentence.' })
  unavailableReason: string | null;
}

export class EngineListView {
  @ApiProperty({ type: [EngineView] })
  items: EngineView[];
}
