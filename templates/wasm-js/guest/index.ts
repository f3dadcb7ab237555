import { defineSkill, defineTool } from 'skillhost/sdk';
import { z } from 'zod';

export default defineSkill({
  tools: {
    greet: defineTool({
      description: 'Greets somebody by name',
      parameters: z.object({
        name: z.string().min(1).describe('Who is greeted'),
        loud: z.boolean().optional().describe('In capital letters'),
      }),
      returns: z.string(),
      handler: ({ name, loud }, { log }) => {
        log('debug', `greeting ${name}`);
        const greeting = `Hello, ${name}!`;
        return loud === true ? greeting.toUpperCase() : greeting;
      },
    }),
  },
});
